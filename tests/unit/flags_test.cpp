#include "common/flags.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>

#include <csignal>

#include "tests/unit/catch.hpp"

using namespace dockwright;

TEST_CASE("flags are told by name", "[flags]") {
  CHECK(flags::clone(CLONE_NEWNS | CLONE_NEWPID) == "CLONE_NEWNS|CLONE_NEWPID");
  CHECK(flags::mount(MS_RDONLY | MS_NOSUID) == "MS_RDONLY|MS_NOSUID");
  CHECK(flags::mount_attr(MOUNT_ATTR_RDONLY) == "MOUNT_ATTR_RDONLY");
  CHECK(flags::propagation(MS_PRIVATE) == "MS_PRIVATE");
}

TEST_CASE("no flag is 0 and an unknown one is told as a number", "[flags]") {
  CHECK(flags::mount(0) == "0");
  CHECK(flags::mount(MS_RDONLY | (1UL << 50)) == "MS_RDONLY|0x4000000000000");
}

TEST_CASE("open's flags tell the access mode, which is no bit", "[flags]") {
  CHECK(flags::open(O_RDONLY | O_CLOEXEC) == "O_RDONLY|O_CLOEXEC");
  CHECK(flags::open(O_RDONLY) == "O_RDONLY");
  CHECK(flags::open(O_RDWR) == "O_RDWR");
  CHECK(flags::open(O_PATH | O_DIRECTORY) == "O_DIRECTORY|O_PATH");
}

TEST_CASE("signals are told by name", "[flags]") {
  CHECK(flags::signal(SIGTERM) == "SIGTERM");
  CHECK(flags::signal(40) == "SIG40");
}

TEST_CASE("namespaces are told as unshare's options", "[flags]") {
  CHECK(flags::unshare_options(CLONE_NEWUTS | CLONE_NEWPID) == "--uts --pid --fork");
  CHECK(flags::unshare_options(CLONE_PIDFD).empty());
}
