#include "chapters/07-privileges/devices.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "chapters/04-mounts/filesystems.hpp"
#include "chapters/06-users/furniture.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/open_in_root.hpp"
#include "common/sys.hpp"
#include "common/sys_mount.hpp"

namespace dockwright {

namespace {

bool is_device(mode_t mode) { return S_ISCHR(mode) || S_ISBLK(mode); }

bool is_access(std::string_view text) {
  return !text.empty() && text.size() <= 3 &&
         text.find_first_not_of("rwm") == std::string_view::npos;
}

Device device(const DeviceSpec& spec, const struct stat& status) {
  return {.spec = spec,
          .mode = status.st_mode,
          .number = status.st_rdev,
          .owner = status.st_uid,
          .group = status.st_gid};
}

/// What of the host's /dev is not a device of the host's but one of the
/// container's own, which chapter 4 has made.
constexpr auto kOwn = std::to_array<std::string_view>(
    {"pts", "shm", "mqueue", "fd", "console", "ptmx", "null", "zero",
     "full", "random", "urandom", "tty"});

void add_all_below(const std::filesystem::path& directory,
                   std::vector<Device>& devices) {
  std::error_code unreadable;
  for (const auto& entry :
       std::filesystem::directory_iterator{directory, unreadable}) {
    const std::string name = entry.path().filename();
    if (directory == "/dev" &&
        std::find(kOwn.begin(), kOwn.end(), name) != kOwn.end())
      continue;
    struct stat status {};
    if (::lstat(entry.path().c_str(), &status) == -1) continue;
    if (S_ISDIR(status.st_mode)) add_all_below(entry.path(), devices);
    if (is_device(status.st_mode))
      devices.push_back(device(
          {.source = entry.path(), .target = entry.path()}, status));
  }
}

void make_node(const UniqueFd& root, const Device& device) {
  const std::filesystem::path target = device.spec.target;
  const std::string name = target.filename();
  const UniqueFd place =
      make_in_root(root, target.parent_path(), FileKind::directory);
  narrate("mknodat", [&] {
    return explain::Call{
        fmt::format("mknodat({}, \"{}\", {:#o}, makedev({}, {}))",
                    place.get(), name, device.mode,
                    major(device.number), minor(device.number)),
        fmt::format("mknod -m {:o} {} {} {} {}", device.mode & 07777U,
                    target.c_str(), S_ISBLK(device.mode) ? 'b' : 'c',
                    major(device.number), minor(device.number))};
  });
  const int made =
      ::mknodat(place.get(), name.c_str(), device.mode, device.number);
  if (made == -1 && errno == EEXIST) return;  // it has it already
  check_call("mknodat", made, "make the device {}", target.native());
  check(::fchownat(place.get(), name.c_str(), device.owner,
                   device.group, AT_SYMLINK_NOFOLLOW),
        "give {} its owner", target.native());
  check(::fchmodat(place.get(), name.c_str(), device.mode & 07777U, 0),
        "give {} its permissions", target.native());
}

/// The host's node, if it still is that very device.
void show_node(const UniqueFd& root, const Device& device) {
  const UniqueFd host = sys::open(device.spec.source, O_PATH);
  struct stat status {};
  check(::fstat(host.get(), &status), "look at {}", device.spec.source);
  if (status.st_rdev != device.number)
    throw Failure{
        fmt::format("{} is another device by now", device.spec.source)};
  const UniqueFd place =
      make_in_root(root, device.spec.target, FileKind::file);
  sys::attach_mount(
      sys::clone_mount(host, sys::Depth::one, device.spec.source),
      place, device.spec.target);
}

}  // namespace

DeviceSpec parse_device(const std::string& text) {
  const std::size_t colon = text.find(':');
  DeviceSpec spec{.source = text.substr(0, colon)};
  spec.target = spec.source;
  if (colon != std::string::npos) {
    const std::string rest = text.substr(colon + 1);
    const std::size_t second = rest.rfind(':');
    if (second == std::string::npos && is_access(rest)) {
      spec.access = rest;
    } else {
      spec.target = rest.substr(0, second);
      if (second != std::string::npos)
        spec.access = rest.substr(second + 1);
    }
  }
  if (!spec.source.starts_with('/') || !spec.target.starts_with('/') ||
      !is_access(spec.access))
    throw Failure{fmt::format(
        "--device {}: write it as /dev/NAME, /dev/NAME:/dev/OTHER or "
        "/dev/NAME:/dev/OTHER:rwm",
        text)};
  return spec;
}

std::vector<Device> find_devices(const Spec& spec) {
  std::vector<Device> devices;
  if (spec.privileged) add_all_below("/dev", devices);
  for (const DeviceSpec& wanted : spec.devices) {
    struct stat status {};
    check_call("stat device", ::stat(wanted.source.c_str(), &status),
               "look at the device {}", wanted.source);
    if (!is_device(status.st_mode))
      throw Failure{
          fmt::format("--device {}: that is no device", wanted.source),
          Advice{.cure = "a file or a directory is shared with -v",
                 .chapter = 7,
                 .anchor = "ch07-devices"}};
    devices.push_back(device(wanted, status));
  }
  return devices;
}

void make_devices(const UniqueFd& root,
                  const std::vector<Device>& devices,
                  const IdMaps& maps) {
  if (devices.empty()) return;
  because("a device is two numbers: the same ones are the same device");
  for (const Device& device : devices) {
    if (maps.way == IdMaps::Way::none)
      make_node(root, device);
    else
      show_node(root, device);
  }
}

Devices::Devices(const Spec& spec)
    : all_{spec.privileged}, added_{find_devices(spec)} {}

void Devices::mount_dev_in(const UniqueFd& root,
                           const IdMaps& maps) const {
  bounded_.pass();
  dockwright::mount_dev_in(root, dev_options(maps));
  make_devices(root, added_, maps);
}

void Devices::bound(const Cgroup& cgroup) const {
  if (!all_) bound_devices(cgroup, device_rules(added_));
  bounded_.open();
}

}  // namespace dockwright
