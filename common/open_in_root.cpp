#include "common/open_in_root.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cerrno>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/flags.hpp"
#include "common/sys.hpp"

namespace dockwright {

namespace {

// A rename somewhere in the tree makes the kernel give up with EAGAIN rather than answer wrongly; a few tries
// suffice unless somebody renames on purpose, and then an error is right.
constexpr int kMostTries = 128;

long openat2(const UniqueFd& root, const std::filesystem::path& path, int flags) {
  narrate("openat2", [&] {
    return explain::Call{fmt::format("openat2({}, \"{}\", {{{}, RESOLVE_IN_ROOT|RESOLVE_NO_MAGICLINKS}})",
                                     root.get(), path.native(),
                                     flags::open(static_cast<std::uint64_t>(flags)))};
  });
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags) | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  long fd = -1;
  for (int attempt = 0; attempt < kMostTries; ++attempt) {
    fd = ::syscall(SYS_openat2, root.get(), path.c_str(), &how, sizeof how);
    if (fd >= 0 || (errno != EAGAIN && errno != EINTR)) break;
  }
  return fd;
}

}  // namespace

UniqueFd open_in_root(const UniqueFd& root, const std::filesystem::path& path, int flags) {
  return UniqueFd{static_cast<int>(check_call("openat2", openat2(root, path, flags),
                                              "open {} inside the container's root", path.native()))};
}

std::optional<UniqueFd> try_open_in_root(const UniqueFd& root, const std::filesystem::path& path, int flags) {
  const long fd = openat2(root, path, flags);
  if (fd == -1 && errno == ENOENT) return std::nullopt;
  return UniqueFd{
      static_cast<int>(check_call("openat2", fd, "open {} inside the container's root", path.native()))};
}

UniqueFd make_in_root(const UniqueFd& root, const std::filesystem::path& path, FileKind kind) {
  if (std::optional<UniqueFd> there = try_open_in_root(root, path, O_PATH)) return std::move(*there);
  const std::filesystem::path relative = path.relative_path();
  UniqueFd parent = relative.has_parent_path()
                        ? make_in_root(root, relative.parent_path(), FileKind::directory)
                        : open_in_root(root, "/", O_PATH | O_DIRECTORY);
  // Made in the directory that we hold open: a parent that is swapped for a link meanwhile leads nobody
  // anywhere.
  const std::string name = relative.filename();
  if (kind == FileKind::directory)
    sys::mkdirat(parent, name, 0755);
  else
    sys::make_file(parent, name, 0644);
  const int wanted = kind == FileKind::directory ? O_DIRECTORY : 0;
  return UniqueFd{check_call("openat",
                             ::openat(parent.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC | wanted),
                             "open {} inside the container's root", path.native())};
}

}  // namespace dockwright
