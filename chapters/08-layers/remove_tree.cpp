#include "chapters/08-layers/remove_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>

#include "common/check.hpp"

namespace dockwright {

namespace {

struct Closed {
  void operator()(DIR* stream) const {
    ignore(::closedir(stream), "it was only read");
  }
};

/// Enters a directory even if its owner, whom we are, may not.
UniqueFd enter(const UniqueFd& parent, const std::string& name) {
  constexpr int kFlags =
      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  int fd = ::openat(parent.get(), name.c_str(), kFlags);
  if (fd == -1 && errno == EACCES &&
      ::fchmodat(parent.get(), name.c_str(), S_IRWXU, 0) == 0)
    fd = ::openat(parent.get(), name.c_str(), kFlags);
  return UniqueFd{check_call("openat", fd,
                             "open {} to remove what is in it", name)};
}

void empty(const UniqueFd& directory, const std::string& name) {
  ignore(::fchmod(directory.get(), S_IRWXU),
         "only a directory that we may not write to needs it");
  // fdopendir takes a descriptor of its own, and closes it.
  const std::unique_ptr<DIR, Closed> stream{
      ::fdopendir(check(::fcntl(directory.get(), F_DUPFD_CLOEXEC, 0),
                        "list {} to remove what is in it", name))};
  if (stream == nullptr) throw std::bad_alloc{};
  errno = 0;
  while (const dirent* const entry = ::readdir(stream.get())) {
    const std::string child = entry->d_name;
    if (child != "." && child != "..") remove_tree(directory, child);
    errno = 0;
  }
  check_call("getdents64", errno == 0 ? 0 : -1,
             "list {} to remove what is in it", name);
}

}  // namespace

void remove_tree(const UniqueFd& directory, const std::string& name) {
  if (::unlinkat(directory.get(), name.c_str(), 0) == 0 ||
      errno == ENOENT)
    return;
  if (errno != EISDIR)
    throw SystemCallError{"unlinkat", errno,
                          fmt::format("remove {}", name)};
  empty(enter(directory, name), name);
  check_call("unlinkat",
             ::unlinkat(directory.get(), name.c_str(), AT_REMOVEDIR),
             "remove the directory {}", name);
}

}  // namespace dockwright
