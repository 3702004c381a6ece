#include "chapters/08-layers/upper.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "common/check.hpp"
#include "common/explain.hpp"

namespace dockwright {

namespace {

/// Makes `name` in `place`; tells whether it was not there.
bool make_directory(const Layer& place, const char* name) {
  if (::mkdirat(place.directory.get(), name, 0700) == 0) return true;
  if (errno == EEXIST) return false;
  check_call("make upper", -1, "make {}/{}", place.name, name);
  return false;
}

Layer open_directory(const Layer& place, const char* name) {
  std::string path = fmt::format("{}/{}", place.name, name);
  return {UniqueFd{check_call(
              "open upper",
              ::openat(place.directory.get(), name,
                       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
              "open {}", path)},
          path};
}

void set_access(const Layer& diff, const Access& access) {
  const bool given = ::fchown(diff.directory.get(), access.owner.user,
                              access.owner.group) == 0;
  // In a user namespace there may be no number for the owner.
  if (!given && errno != EINVAL && errno != EPERM)
    check(-1, "give {} to its owner", diff.name);
  check(::fchmod(diff.directory.get(), access.mode),
        "set the mode of {}", diff.name);
}

/// Tries for half a second: a container that was killed may still be on
/// its way out.
int lock(const UniqueFd& directory) {
  constexpr timespec kPause{.tv_sec = 0, .tv_nsec = 10'000'000};
  for (int tries = 0;; ++tries) {
    const int result = ::flock(directory.get(), LOCK_EX | LOCK_NB);
    if (result == 0 || errno != EWOULDBLOCK || tries == 50)
      return result;
    ::nanosleep(&kPause, nullptr);
  }
}

}  // namespace

//! [open_upper]
Layer open_upper(const Spec& spec) {
  if (spec.upper.empty()) return {};
  because("two containers that write into one directory ruin it");
  if (::mkdir(spec.upper.c_str(), 0700) == -1 && errno != EEXIST)
    check_call("make upper", -1, "make {}", spec.upper);
  narrate("open", [&] {
    return explain::Call{fmt::format(
        "open(\"{}\", O_RDONLY|O_DIRECTORY|O_CLOEXEC)", spec.upper)};
  });
  UniqueFd upper{check_call(
      "open upper",
      ::open(spec.upper.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
      "open {}", spec.upper)};
  narrate("flock", [&] {
    return explain::Call{
        fmt::format("flock({} /* {} */, LOCK_EX|LOCK_NB)", upper.get(),
                    spec.upper),
        fmt::format("flock --nonblock {} COMMAND",
                    explain::shell_word(spec.upper))};
  });
  check_call("lock upper", lock(upper), "take {} for this container",
             spec.upper);
  return {std::move(upper), spec.upper};
}
//! [open_upper]

Workshop open_workshop(const Layer& place) {
  return {.diff = open_directory(place, "diff"),
          .work = open_directory(place, "work")};
}

Access access_of(const Layer& layer) {
  struct stat status {};
  check(::fstat(layer.directory.get(), &status), "look at {}",
        layer.name);
  return {.owner = {status.st_uid, status.st_gid},
          .mode = status.st_mode & 07777};
}

void make_workshop(const Layer& place, const Access& access) {
  const bool is_new = make_directory(place, "diff");
  make_directory(place, "work");
  if (is_new) set_access(open_directory(place, "diff"), access);
}

bool keeps_trusted_marks(const Layer& directory) {
  const auto keeps = [&](const char* mark) {
    const bool kept =
        ::fsetxattr(directory.directory.get(), mark, "", 0, 0) == 0;
    if (kept) ::fremovexattr(directory.directory.get(), mark);
    return kept;
  };
  if (keeps("trusted.dockwright")) return true;
  if (errno == EPERM && keeps("user.dockwright")) return false;
  if (errno != EOPNOTSUPP)
    check_call("mark upper", -1, "set an attribute of {}",
               directory.name);
  const bool memory = directory.name.starts_with(kInMemory);
  throw Failure{
      fmt::format("the changes cannot go to {}: no attributes can be "
                  "kept there",
                  directory.name),
      Advice{.cause = memory
                          ? "overlay marks by them what was "
                            "removed, and without root memory "
                            "(tmpfs) keeps them since Linux 6.6"
                          : "overlay marks by them what was removed, "
                            "and this file system has none",
             .cure = "name a directory on a disk: --upper DIR",
             .chapter = 8,
             .anchor = "ch08-rootless"}};
}

}  // namespace dockwright
