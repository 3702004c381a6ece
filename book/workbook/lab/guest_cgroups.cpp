// One hierarchy of control groups, version 2, as systemd would set it up: the controllers are switched on
// from above, and a user owns a subtree in which it may do as it likes.

#include <sys/mount.h>
#include <unistd.h>

#include <string>

#include "book/workbook/lab/guest.hpp"
#include "common/check.hpp"

namespace dockwright::lab {

namespace {

constexpr const char* kTop = "/sys/fs/cgroup";

void hand_down_controllers(const std::string& group) {
  write_whole(group + "/cgroup.subtree_control", "+cpuset +cpu +io +memory +pids");
}

/// What a delegation consists of (cgroups(7)): the directory and these files belong to the user. The limits
/// of the group itself do not.
void give(const std::string& group, uid_t user) {
  for (const char* file : {"", "/cgroup.procs", "/cgroup.threads", "/cgroup.subtree_control"}) {
    const auto path = group + file;
    check(::chown(path.c_str(), user, user), "give {} to user {}", path, user);
  }
}

}  // namespace

void set_up_cgroups() {
  check(::mount("cgroup2", kTop, "cgroup2", MS_NOSUID | MS_NODEV | MS_NOEXEC, "nsdelegate"),
        "mount the control groups on {}", kTop);
  hand_down_controllers(kTop);
}

std::string delegate_group(uid_t user) {
  const auto slice = std::string{kTop} + "/user.slice/user-" + std::to_string(user) + ".slice";
  const auto service = slice + "/user@" + std::to_string(user) + ".service";
  const auto group = service + "/app.slice/laboratory.scope";
  make_directories(group);
  hand_down_controllers(std::string{kTop} + "/user.slice");
  hand_down_controllers(slice);
  for (const auto& owned : {service, service + "/app.slice"}) {
    hand_down_controllers(owned);
    give(owned, user);
  }
  give(group, user);
  return group;
}

}  // namespace dockwright::lab
