#pragma once
// Devices of the host. Chapter 4 gave the container six that harm
// nobody. `--device` adds some by name, `--privileged` all of them. And
// since a container's root may make nodes (CAP_MKNOD is one of Docker's
// fourteen), what it may *open* is bounded as well: by its group.

#include <sys/types.h>

#include <string>
#include <vector>

#include "chapters/05-cgroups/cgroup.hpp"
#include "chapters/05-cgroups/hierarchy.hpp"
#include "chapters/06-users/ids.hpp"
#include "common/pipe.hpp"
#include "common/spec.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

/// Reads Docker's `--device HOST[:CONTAINER][:rwm]`. @throws Failure
[[nodiscard]] DeviceSpec parse_device(const std::string& text);

/// A device that the container is to have.
struct Device {
  DeviceSpec spec{};
  mode_t mode = 0;  ///< Kind and permissions.
  dev_t number = 0;
  uid_t owner = 0;
  gid_t group = 0;
};

/// Looks the devices up on the host: those of `--device`; with
/// `--privileged` all in its /dev as well. @throws Failure for what is
/// no device
[[nodiscard]] std::vector<Device> find_devices(const Spec& spec);

/// Makes a node with the same numbers for each, inside `root`. In a
/// user namespace nobody may: there it is the host's node, shown.
void make_devices(const UniqueFd& root,
                  const std::vector<Device>& devices,
                  const IdMaps& maps);

/// One line of what may be opened or made: `c 1:3 rwm`; -1 is `*`.
struct DeviceRule {
  char kind = 'c';
  int major = -1;
  int minor = -1;
  std::string access = "rwm";
};

/// Docker's list, and what was asked for.
[[nodiscard]] std::vector<DeviceRule> device_rules(
    const std::vector<Device>& devices);

/// Lets the processes of the group use only these devices, before one
/// is in it. Only the host's root may: without it there is no device
/// that a container could make or open.
void bound_devices(const Cgroup& cgroup,
                   const std::vector<DeviceRule>& rules);

/// The same for one group, in the way of its version.
void bound_devices_of(const Group& group, CgroupVersion version,
                      const std::vector<DeviceRule>& rules);

/// The devices of one container, from first to last.
class Devices {
 public:
  explicit Devices(const Spec& spec);
  /// In the container: furnishes /dev, as soon as it may.
  void mount_dev_in(const UniqueFd& root, const IdMaps& maps) const;
  /// In the stage, meanwhile: bounds the container's group, and lets it
  /// go on.
  void bound(const Cgroup& cgroup) const;

 private:
  bool all_;
  std::vector<Device> added_;
  Gate bounded_{};
};

}  // namespace dockwright
