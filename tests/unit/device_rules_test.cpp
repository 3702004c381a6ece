// The list of devices of a group, in whichever version of control groups this machine has: hybrid ones have
// both.

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "chapters/07-privileges/devices.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

/// A directory in /dev: elsewhere a mount may be `nodev`, and then nothing depends on a list.
class DeviceDirectory {
 public:
  DeviceDirectory() : path_{::mkdtemp(pattern_.data())} {}
  DeviceDirectory(DeviceDirectory&&) = delete;
  ~DeviceDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const noexcept { return path_; }

 private:
  std::string pattern_ = "/dev/dockwright-test-XXXXXX";
  fs::path path_;
};

/// errno of opening the device; 0 when it could be opened. By a child that goes into the group first.
int try_open(const Group& group, const fs::path& device, int flags) {
  const pid_t child = ::fork();
  if (child == 0) {
    group.write("cgroup.procs", "0");
    ::_exit(::open(device.c_str(), flags | O_CLOEXEC) == -1 ? errno : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int try_make(const Group& group, const fs::path& device) {
  const pid_t child = ::fork();
  if (child == 0) {
    group.write("cgroup.procs", "0");
    ::_exit(::mknod(device.c_str(), S_IFCHR | 0600, makedev(1, 5)) == -1 ? errno : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void check_group(const std::string& parent, CgroupVersion version) {
  CAPTURE(parent);
  const DeviceDirectory directory;
  const fs::path zero = directory.path() / "zero";
  const fs::path full = directory.path() / "full";
  const fs::path log = directory.path() / "log";
  REQUIRE(::mknod(zero.c_str(), S_IFCHR | 0600, makedev(1, 5)) == 0);
  REQUIRE(::mknod(full.c_str(), S_IFCHR | 0600, makedev(1, 7)) == 0);
  REQUIRE(::mknod(log.c_str(), S_IFCHR | 0600, makedev(1, 11)) == 0);
  const Group group{parent, new_group_name()};
  REQUIRE(try_open(group, log, O_WRONLY) == 0);  // nothing is bounded yet
  bound_devices_of(group, version,
                   {{'c', -1, -1, "m"}, {'c', 1, 5, "rw"}, {'c', 1, 7, "r"}, {'b', 1, 11, "rwm"}});
  CHECK(try_open(group, zero, O_RDWR) == 0);
  CHECK(try_open(group, full, O_RDONLY) == 0);
  CHECK(try_open(group, full, O_WRONLY) == EPERM);
  CHECK(try_open(group, log, O_WRONLY) == EPERM);  // it was allowed for a block device
  CHECK(try_make(group, directory.path() / "made") == 0);
}

}  // namespace

TEST_CASE("a group opens the devices on its list, and no others", "[devices][security][needs-root]") {
  NEEDS_ROOT();
  int tried = 0;
  const auto try_in = [&](const char* parent, const char* sign, CgroupVersion version) {
    if (!fs::exists(fs::path{parent} / sign)) return;
    check_group(parent, version);
    ++tried;
  };
  try_in("/sys/fs/cgroup", "cgroup.controllers", CgroupVersion::v2);
  try_in("/sys/fs/cgroup/unified", "cgroup.controllers", CgroupVersion::v2);
  try_in("/sys/fs/cgroup/devices", "tasks", CgroupVersion::v1);
  CHECK(tried > 0);
}

TEST_CASE("a list that does not let nodes be made refuses mknod", "[devices][security][needs-root]") {
  NEEDS_ROOT();
  for (const char* const parent : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
    if (!fs::exists(fs::path{parent} / "cgroup.controllers")) continue;
    const DeviceDirectory directory;
    const Group group{parent, new_group_name()};
    bound_devices_of(group, CgroupVersion::v2, {{'c', 1, 5, "rw"}});
    CHECK(try_make(group, directory.path() / "made") == EPERM);
  }
}
