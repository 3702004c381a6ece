#include "book/workbook/matrix_scene.hpp"

#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "book/workbook/matrix_setup.hpp"
#include "common/check.hpp"

namespace dockwright::workbook::matrix {

namespace fs = std::filesystem;

namespace {

void mount_scene(const fs::path& place) {
  fs::create_directories(place);
  check(::mount("scene", place.c_str(), "tmpfs", 0, "mode=755,size=64m"), "mount a tmpfs on {}",
        place.string());
}

std::string described(const fs::path& path) {
  struct stat status {};
  check(::lstat(path.c_str(), &status), "look at {}", path.string());
  std::size_t content = 0;
  if (S_ISREG(status.st_mode)) {
    std::ifstream file{path, std::ios::binary};
    content = std::hash<std::string>{}({std::istreambuf_iterator<char>{file}, {}});
  }
  return fmt::format("{} {:o} {}:{} {} {:x}\n", path.string(), status.st_mode, status.st_uid, status.st_gid,
                     S_ISDIR(status.st_mode) ? 0 : status.st_size, content);
}

}  // namespace

Scene::Scene(const World& world, const Runtime& runtime, const std::vector<std::string>& setup)
    : world_{world}, runtime_{runtime} {
  mount_scene(world.host());
  mount_scene(world.rootfs());
  fill_rootfs(world.rootfs(), world.program_built());
  std::ofstream{world.host() / "secret"} << "the host's secret\n";
  fs::create_directories(world.host() / "target");
  fs::create_directories(world.host() / "bait");
  std::ofstream{world.host() / "bait" / "content"} << "bait\n";
  std::vector<std::function<void()>> steps;
  for (const auto& word : setup)
    if (auto step = prepare({.world = world_, .runtime = runtime_}, word)) steps.push_back(std::move(step));
  if (steps.empty()) return;
  caller_ = [steps] {
    for (const auto& step : steps) step();
  };
}

Scene::~Scene() {
  for (const auto& place : {world_.rootfs(), world_.host()})
    ignore(::umount2(place.c_str(), MNT_DETACH), "it goes with the laboratory at the latest");
}

std::string Scene::fingerprint() const {
  std::vector<std::string> lines;
  for (const auto& entry : fs::recursive_directory_iterator(world_.host()))
    lines.push_back(described(entry.path()));
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const auto& line : lines) text += line;
  return text;
}

}  // namespace dockwright::workbook::matrix
