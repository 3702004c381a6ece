// list-tree DIR: all that is in a directory, a line each, so that two trees can be compared: name, type,
// mode, owner, names of a file, size and contents, where a link leads, a device's numbers, attributes. No
// times.

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "common/check.hpp"
#include "common/digest.hpp"
#include "common/unique_fd.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

/// A name on one line, whatever is in it.
std::string shown(const std::string& name) {
  std::string text;
  for (const char c : name)
    text += c > ' ' && c != '\\' ? std::string{c} : fmt::format("\\{:02x}", static_cast<unsigned char>(c));
  return text;
}

std::string digest_of(const fs::path& path) {
  const UniqueFd file{
      check(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW), "open {}", path.native())};
  Hasher hasher;
  std::array<char, 65536> bytes{};
  for (;;) {
    const auto size = check(::read(file.get(), bytes.data(), bytes.size()), "read {}", path.native());
    if (size == 0) return std::string{hasher.finish().short_hex()};
    hasher.update({bytes.data(), static_cast<std::size_t>(size)});
  }
}

/// What files carry, but for what belongs to the machine or to overlay.
std::string attributes_of(const fs::path& path) {
  std::array<char, 65536> list{};
  std::array<char, 65536> value{};
  const auto size = ::llistxattr(path.c_str(), list.data(), list.size());
  std::vector<std::string> all;
  for (ssize_t at = 0; at < size;) {
    const std::string name{list.data() + at};
    at += static_cast<ssize_t>(name.size()) + 1;
    if (name.find(".overlay.") != std::string::npos || name == "security.selinux") continue;
    const auto length = ::lgetxattr(path.c_str(), name.c_str(), value.data(), value.size());
    all.push_back(fmt::format(
        " {}={}", name,
        Digest::of({value.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0))}).short_hex()));
  }
  std::sort(all.begin(), all.end());
  std::string text;
  for (const std::string& one : all) text += one;
  return text;
}

std::string line_of(const fs::path& root, const fs::path& path) {
  struct stat status {};
  check(::lstat(path.c_str(), &status), "look at {}", path.native());
  std::string text = fmt::format("{} {:o} {}:{}", shown(path.lexically_relative(root)), status.st_mode,
                                 status.st_uid, status.st_gid);
  if (!S_ISDIR(status.st_mode)) text += fmt::format(" x{}", status.st_nlink);
  if (S_ISREG(status.st_mode)) text += fmt::format(" {} {}", status.st_size, digest_of(path));
  if (S_ISLNK(status.st_mode)) text += " -> " + shown(fs::read_symlink(path));
  if (S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode))
    text += fmt::format(" {},{}", major(status.st_rdev), minor(status.st_rdev));
  return text + attributes_of(path);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) throw std::invalid_argument("usage: list-tree DIR");
  std::vector<std::string> lines;
  for (const auto& entry : fs::recursive_directory_iterator{argv[1]})
    lines.push_back(line_of(argv[1], entry.path()));
  std::sort(lines.begin(), lines.end());
  for (const std::string& line : lines) fmt::print("{}\n", line);
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "list-tree: {}\n", error.what());
  return 1;
}
