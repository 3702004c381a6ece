#include "chapters/02-chroot/rootfs.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <memory>
#include <string_view>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/sys.hpp"

namespace dockwright {

namespace {

bool is_symbolic_link(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
}

/// Whether a directory holds anything beside `.` and `..`.
bool has_entries(const UniqueFd& directory) {
  UniqueFd copy{check_call("openat",
                           ::openat(directory.get(), ".",
                                    O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                           "read the root file system")};
  const std::unique_ptr<DIR, int (*)(DIR*)> entries{
      ::fdopendir(copy.get()), &::closedir};
  if (entries == nullptr)
    throw SystemCallError{"fdopendir", errno,
                          "read the root file system"};
  ignore(copy.release(), "closedir closes it");
  while (const dirent* const entry = ::readdir(entries.get()))
    if (const std::string_view name{entry->d_name};
        name != "." && name != "..")
      return true;
  return false;
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
        fmt::format("the root file system {} is empty: there is "
                    "nothing to run in it\n"
                    "  cure:  fill it with `samples/bases/busybox {}`",
                    path, path)};
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
