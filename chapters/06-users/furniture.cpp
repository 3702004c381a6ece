#include "chapters/06-users/furniture.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/sys.hpp"
#include "common/sys_mount.hpp"

namespace dockwright {

namespace {

constexpr std::uint32_t kTtyGroup = 5;

/// The host's node under the same name, if it is that very device
/// (CVE-2025-31133).
//! [show_device]
void show_device(const UniqueFd& dev, const DeviceNode& device) {
  const std::string path = fmt::format("/dev/{}", device.name);
  const UniqueFd host = sys::open(path, O_PATH | O_NOFOLLOW);
  struct stat status {};
  check(::fstat(host.get(), &status), "look at {}", path);
  if (!S_ISCHR(status.st_mode) ||
      status.st_rdev != makedev(device.major, device.minor))
    throw Failure{
        fmt::format("{} on this machine is not the device {}:{}", path,
                    device.major, device.minor)};
  sys::make_file(dev, device.name, 0666);
  sys::attach_mount_at(sys::clone_mount(host, sys::Depth::one, path),
                       dev, device.name);
}
//! [show_device]

}  // namespace

void mount_sys_for(const UniqueFd& root, const Spec& spec,
                   const IdMaps& maps) {
  if (maps.way == IdMaps::Way::none ||
      spec.network == NetworkMode::none)
    return mount_sys_in(root);
  because(
      "/sys shows the network, and the host's network is not the "
      "container's to mount");
  const UniqueFd host = sys::open("/sys", O_PATH | O_DIRECTORY);
  const UniqueFd copy =
      sys::clone_mount(host, sys::Depth::recursive, "/sys");
  sys::change_mount(copy,
                    {.set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
                            MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
                     .depth = sys::Depth::recursive},
                    "the copy of /sys");
  sys::attach_mount(copy, real_directory(root, "/sys"), "/sys");
}

DevOptions dev_options(const IdMaps& maps) {
  if (maps.way == IdMaps::Way::none) return {};
  return {.put = show_device,
          .tty_group = maps_id(maps.groups, kTtyGroup)};
}

}  // namespace dockwright
