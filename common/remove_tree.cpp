// Removing a tree by descriptors. A path that is checked and then removed can be swapped for a link in
// between, and the whole disk goes instead of one directory; here every directory is opened without following
// a link, and what it holds is removed relative to it. A tree may be deeper than we may have open files: what
// lies too deep is first moved up to the top of the tree.

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/check.hpp"
#include "common/files.hpp"

namespace dockwright::files {

namespace {

constexpr int kDeepest = 64;

/// A directory of our own that we may not read: root may, and we must say so first.
void make_enterable(const UniqueFd& parent, const std::string& name) {
  const UniqueFd directory{
      ::openat(parent.get(), name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
  ignore(::chmod(fmt::format("/proc/self/fd/{}", directory.get()).c_str(), S_IRWXU),
         "whether it can be opened is seen next");
}

UniqueFd open_directory(const UniqueFd& parent, const std::string& name) {
  if (::geteuid() != 0) make_enterable(parent, name);
  open_how how{};
  how.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  how.resolve = RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH;
  long directory = -1;
  for (int attempt = 0; attempt < 32; ++attempt) {
    directory = ::syscall(SYS_openat2, parent.get(), name.c_str(), &how, sizeof how);
    if (directory >= 0 || errno != EAGAIN) break;  // EAGAIN: somebody renamed something meanwhile
  }
  return UniqueFd{static_cast<int>(check_call("openat2", directory, "open {} to remove it", name))};
}

/// Whether it is gone; false for a directory that holds something.
bool remove_one(const UniqueFd& parent, const std::string& name) {
  if (::unlinkat(parent.get(), name.c_str(), 0) == 0 || errno == ENOENT) return true;
  const int why = errno;
  if (why == EISDIR || why == EPERM) {
    if (::unlinkat(parent.get(), name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) return true;
    if (errno == ENOTEMPTY || errno == EEXIST) return false;
    if (errno != ENOTDIR) throw SystemCallError{"unlinkat", errno, fmt::format("remove {}", name)};
  }
  throw SystemCallError{"unlinkat", why, fmt::format("remove {}", name)};
}

/// Removes what `directory` holds. What lies too deep is in `top` afterwards.
void remove_contents(const UniqueFd& directory, const UniqueFd& top, int depth) {
  for (const std::string& name : names_in(directory)) {
    if (remove_one(directory, name)) continue;
    if (depth >= kDeepest) {
      rename({directory, name, top, unique_name("deep-")});
      continue;
    }
    remove_contents(open_directory(directory, name), top, depth + 1);
    check_call("unlinkat", ::unlinkat(directory.get(), name.c_str(), AT_REMOVEDIR), "remove {}", name);
  }
}

}  // namespace

void remove_tree(const UniqueFd& directory, const std::string& name) {
  if (remove_one(directory, name)) return;
  const UniqueFd top = open_directory(directory, name);
  do remove_contents(top, top, 0);
  while (!remove_one(directory, name));
}

}  // namespace dockwright::files
