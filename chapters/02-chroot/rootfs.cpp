#include "chapters/02-chroot/rootfs.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <array>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/sys.hpp"

namespace dockwright {

namespace {

bool is_symbolic_link(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
}

/// Whether a directory holds anything beside `.` and `..`, which come
/// in any order.
bool has_entries(const UniqueFd& directory) {
  alignas(dirent64) std::array<char, 1024> entries{};
  for (int left = 3; left > 0;) {
    const auto size = check_call(
        "getdents64",
        ::getdents64(directory.get(), entries.data(), entries.size()),
        "read the root file system");
    if (size == 0) return false;
    for (ssize_t at = 0; at < size && left > 0; --left)
      at += reinterpret_cast<const dirent64*>(entries.data() + at)
                ->d_reclen;
  }
  return true;
}

}  // namespace

//! [open_rootfs]
UniqueFd open_rootfs(const std::string& path) {
  because(
      "the root is opened once: nobody can swap it for another later");
  std::string plain = path;
  while (plain.size() > 1 && plain.ends_with('/')) plain.pop_back();
  //! [ex2.2]
  if (is_symbolic_link(plain))  // O_NOFOLLOW would say ENOTDIR here
    throw SystemCallError{
        "open rootfs", ELOOP,
        fmt::format("open the root file system {}", path)};
  narrate("open", [&] {
    return explain::Call{fmt::format(
        "open(\"{}\", O_RDONLY|O_DIRECTORY|O_NOFOLLOW|O_CLOEXEC)",
        plain)};
  });
  UniqueFd root{check_call(
      "open rootfs",
      ::open(plain.c_str(),
             O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
      "open the root file system {}", path)};
  if (!has_entries(root))
    throw Failure{
        fmt::format("the root file system {} is empty", path),
        Advice{.cause = "a program and all that it needs must be in "
                        "its root: in this one there is nothing",
               .cure = "fill it: samples/bases/busybox " + path,
               .chapter = 2,
               .anchor = "ch02-rootfs"}};
  //! [ex2.2]
  return root;
}
//! [open_rootfs]

//! [change_root]
void change_root(const UniqueFd& root) {
  //! [ex2.1]
  because("a process sees what is below its root, and nothing else");
  sys::fchdir(root, "the root file system");
  sys::chroot(".");
  //! [ex2.1]
}
//! [change_root]

}  // namespace dockwright
