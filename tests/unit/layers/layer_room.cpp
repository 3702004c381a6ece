#include "tests/unit/layers/layer_room.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include <array>

#include "common/open_in_root.hpp"
#include "tests/unit/layers/sealed.hpp"

namespace dockwright {

namespace fs = std::filesystem;

namespace {

std::string attributes_of(const fs::path& path) {
  std::array<char, 4096> names{};
  const auto size = ::llistxattr(path.c_str(), names.data(), names.size());
  std::string text;
  for (std::ptrdiff_t at = 0; at < size;) {
    const std::string name = names.data() + at;
    at += static_cast<std::ptrdiff_t>(name.size()) + 1;
    std::array<char, 4096> value{};
    const auto length = ::lgetxattr(path.c_str(), name.c_str(), value.data(), value.size());
    text += fmt::format(" {}={:?}", name,
                        std::string_view{value.data(), static_cast<std::size_t>(length < 0 ? 0 : length)});
  }
  return text;
}

std::string line_of(const fs::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return "gone";
  std::string line =
      fmt::format("{:o} {}:{}", status.st_mode, status.st_uid, status.st_gid) + attributes_of(path);
  if (S_ISREG(status.st_mode)) {
    std::ifstream in{path, std::ios::binary};
    line +=
        fmt::format(" links={} {:?}", status.st_nlink, std::string{std::istreambuf_iterator<char>{in}, {}});
  }
  if (S_ISLNK(status.st_mode)) line += " -> " + fs::read_symlink(path).native();
  if (S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode))
    line += fmt::format(" {}:{}", major(status.st_rdev), minor(status.st_rdev));
  return line;
}

}  // namespace

Tree tree_of(const fs::path& top) {
  Tree tree{{".", line_of(top)}};
  for (const auto& entry : fs::recursive_directory_iterator{top})
    tree[fs::relative(entry.path().parent_path(), top) / entry.path().filename()] = line_of(entry.path());
  return tree;
}

std::string opaque_name() { return opaque_attribute(whiteouts_here()); }
Whiteouts whiteouts_here() { return ::geteuid() == 0 ? Whiteouts::trusted : Whiteouts::user; }

LayerRoom::LayerRoom() {
  fs::create_directory(layer());
  fs::create_directory(outside());
  std::ofstream{outside() / "precious"} << "untouched";
  ::chmod((outside() / "precious").c_str(), 0400);
  before_ = surroundings();
}

Tree LayerRoom::surroundings() const {
  Tree tree = tree_of(outside());
  for (const auto& entry : fs::directory_iterator{scratch_.path()}) tree[entry.path().filename()] = "beside";
  return tree;
}

AppliedLayer LayerRoom::apply(const std::string& archive, const ArchiveLimits& limits) const {
  const UniqueFd into = sys::open(layer(), O_RDONLY | O_DIRECTORY);
  return apply_layer(std::make_unique<MemorySource>(archive), into,
                     {.whiteouts = whiteouts_here(), .limits = limits, .owners = ::geteuid() == 0});
}

std::string LayerRoom::failure(const std::string& archive, const ArchiveLimits& limits) const {
  return in_read_only_machine(scratch_.path(), [&]() -> std::string {
    try {
      apply(archive, limits);
      return "";
    } catch (const std::exception& error) {
      return describe(error);
    }
  });
}

std::string LayerRoom::read(const std::string& name) const {
  // As a container would see it: a link that leads out of the layer leads nowhere.
  const UniqueFd file = open_in_root(sys::open(layer(), O_PATH | O_DIRECTORY), name, O_RDONLY);
  std::ifstream in{fmt::format("/proc/self/fd/{}", file.get()), std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace dockwright
