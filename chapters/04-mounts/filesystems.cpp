#include "chapters/04-mounts/filesystems.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <array>
#include <optional>
#include <utility>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/open_in_root.hpp"
#include "common/sys.hpp"
#include "common/sys_mount.hpp"

namespace dockwright {

namespace {

constexpr std::uint64_t kHarmless =
    MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

/// The numbers are the kernel's for ever:
/// Documentation/admin-guide/devices.txt.
constexpr std::array kDevices = std::to_array<DeviceNode>({
    {"null", 1, 3},
    {"zero", 1, 5},
    {"full", 1, 7},
    {"random", 1, 8},
    {"urandom", 1, 9},
    {"tty", 5, 0},
});

struct Link {
  const char* name;
  const char* target;
};

constexpr std::array kLinks = std::to_array<Link>({
    {"fd", "/proc/self/fd"},
    {"stdin", "/proc/self/fd/0"},
    {"stdout", "/proc/self/fd/1"},
    {"stderr", "/proc/self/fd/2"},
    {"ptmx", "pts/ptmx"},
});

UniqueFd mount_in(const UniqueFd& root,
                  const sys::Filesystem& filesystem,
                  const char* target) {
  const UniqueFd place = real_directory(root, target);
  UniqueFd mount = sys::make_filesystem(filesystem);
  sys::attach_mount(mount, place, target);
  return mount;
}

/// Below a file system of our own nobody can have put a link.
void mount_below(const UniqueFd& parent, const char* name,
                 const sys::Filesystem& filesystem) {
  sys::mkdirat(parent, name, 0755);
  sys::attach_mount_at(sys::make_filesystem(filesystem), parent, name);
}

}  // namespace

// Were it a link, /proc could be mounted somewhere else, and what is
// masked below /proc would not be what the container reads.
UniqueFd real_directory(const UniqueFd& root, const char* path) {
  std::optional<UniqueFd> there =
      try_open_in_root(root, path, O_PATH | O_NOFOLLOW);
  if (!there) return make_in_root(root, path, FileKind::directory);
  struct stat status {};
  check(::fstat(there->get(), &status), "look at {}", path);
  if (!S_ISDIR(status.st_mode))
    throw Failure{fmt::format(
        "{} in the root file system is no directory, and nothing is "
        "mounted through a link",
        path)};
  return std::move(*there);
}

void make_device(const UniqueFd& dev, const DeviceNode& device) {
  sys::mknod_character(dev, device.name, 0666, device.major,
                       device.minor);
}

void mount_proc_in(const UniqueFd& root) {
  because(
      "ps reads /proc, which must be that of the new PID namespace");
  mount_in(root, {.type = "proc", .attributes = kHarmless}, "/proc");
}

void mount_sys_in(const UniqueFd& root) {
  because("programs look the machine up in /sys; none may change it");
  mount_in(
      root,
      {.type = "sysfs", .attributes = kHarmless | MOUNT_ATTR_RDONLY},
      "/sys");
}

//! [mount_dev_in]
void mount_dev_in(const UniqueFd& root, const DevOptions& options) {
  because(
      "the devices are for everybody: the caller's umask must not cut "
      "in");
  sys::umask(0);
  because(
      "the host's /dev has its disks; this one has what is harmless");
  const UniqueFd dev =
      mount_in(root,
               {.type = "tmpfs",
                .options = {{"mode", "755"}, {"size", "64k"}},
                .attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC},
               "/dev");
  for (const DeviceNode& device : kDevices) options.put(dev, device);
  for (const auto& [name, target] : kLinks)
    sys::symlinkat(target, dev, name);

  because("terminals, shared memory and message queues of its own");
  sys::Filesystem pts{
      .type = "devpts",
      .options = {{"newinstance"},
                  {"ptmxmode", "0666"},
                  {"mode", "0620"}},
      .attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC};
  if (options.tty_group) pts.options.push_back({"gid", "5"});
  mount_below(dev, "pts", pts);
  mount_below(dev, "shm",
              {.type = "tmpfs",
               .options = {{"mode", "1777"}, {"size", "64m"}},
               .attributes = kHarmless});
  mount_below(dev, "mqueue",
              {.type = "mqueue", .attributes = kHarmless});
  sys::umask(0022);  // the container's own, whatever the caller's was
}
//! [mount_dev_in]

}  // namespace dockwright
