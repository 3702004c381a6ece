#include "chapters/04-mounts/masks.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <array>
#include <string>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/open_in_root.hpp"
#include "common/sys.hpp"
#include "common/sys_mount.hpp"

namespace dockwright {

namespace {

//! [masked_paths]
constexpr std::array<std::string_view, 12> kMasked = {
    "/proc/acpi",        "/proc/asound",
    "/proc/interrupts",  "/proc/kcore",
    "/proc/keys",        "/proc/latency_stats",
    "/proc/sched_debug", "/proc/scsi",
    "/proc/timer_list",  "/proc/timer_stats",
    "/sys/firmware",     "/sys/devices/virtual/powercap",
};

constexpr std::array<std::string_view, 5> kReadOnly = {
    "/proc/bus",           "/proc/fs", "/proc/irq", "/proc/sys",
    "/proc/sysrq-trigger",
};
//! [masked_paths]

bool is_directory(const UniqueFd& file, std::string_view path) {
  struct stat status {};
  check(::fstat(file.get(), &status), "look at {}", path);
  return S_ISDIR(status.st_mode);
}

/// The container's own /dev/null, and nothing that was put in its
/// place.
UniqueFd null_device(const UniqueFd& root) {
  UniqueFd null = open_in_root(root, "/dev/null", O_PATH | O_NOFOLLOW);
  struct stat status {};
  check(::fstat(null.get(), &status), "look at /dev/null");
  if (!S_ISCHR(status.st_mode) || status.st_rdev != makedev(1, 3))
    throw Failure{
        "/dev/null in the container is not the null device: nothing "
        "can be masked with it"};
  return null;
}

/// Covers directories with one and the same empty file system: a mount
/// each, but made only once.
class EmptyDirectory {
 public:
  void cover(const UniqueFd& root, const UniqueFd& place,
             std::string_view path) {
    if (made_)
      return sys::attach_mount(sys::clone_mount(made_, sys::Depth::one,
                                                "the empty directory"),
                               place, path);
    sys::attach_mount(
        sys::make_filesystem(
            {.type = "tmpfs",
             .options = {{"size", "4k"}, {"mode", "755"}},
             .attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
                           MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC}),
        place, path);
    made_ = open_in_root(
        root, path, O_PATH | O_DIRECTORY);  // copies can be taken only
                                            // of what is attached
  }

 private:
  UniqueFd made_;
};

/// How often a processor was too hot tells what others compute. One
/// directory for each processor; a virtual machine has none.
void mask_temperatures(const UniqueFd& root) {
  EmptyDirectory empty;
  for (int processor = 0;; ++processor) {
    const std::string path = fmt::format(
        "/sys/devices/system/cpu/cpu{}/thermal_throttle", processor);
    const auto there =
        try_open_in_root(root, path, O_PATH | O_NOFOLLOW);
    if (!there) return;
    empty.cover(root, *there, path);
  }
}

}  // namespace

std::span<const std::string_view> masked_paths() noexcept {
  return kMasked;
}
std::span<const std::string_view> read_only_paths() noexcept {
  return kReadOnly;
}

//! [mask_paths]
void mask_paths(const UniqueFd& root) {
  //! [ex4.3]
  because("/proc and /sys are windows into the kernel that all share");
  const UniqueFd null = null_device(root);
  EmptyDirectory empty;
  for (const std::string_view path : kMasked) {
    const auto there =
        try_open_in_root(root, path, O_PATH | O_NOFOLLOW);
    if (!there) continue;  // this kernel does not have it
    if (is_directory(*there, path))
      empty.cover(root, *there, path);
    else
      sys::attach_mount(
          sys::clone_mount(null, sys::Depth::one, "/dev/null"), *there,
          path);
  }
  because(
      "the kernel's settings may be read here, and set by the host "
      "alone");
  for (const std::string_view path : kReadOnly) {
    const auto there =
        try_open_in_root(root, path, O_PATH | O_NOFOLLOW);
    if (!there) continue;
    const UniqueFd copy =
        sys::clone_mount(*there, sys::Depth::one, path);
    sys::change_mount(copy, {.set = MOUNT_ATTR_RDONLY}, path);
    sys::attach_mount(copy, *there, path);
  }
  //! [ex4.3]
  mask_temperatures(root);
}
//! [mask_paths]

}  // namespace dockwright
