// Whether the table of causes speaks of what really happens: each failure is brought about, and looked up.

#include "common/causes.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <functional>

#include "common/check.hpp"
#include "common/open_in_root.hpp"
#include "common/process.hpp"
#include "common/sys.hpp"
#include "common/sys_mount.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/temporary.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

enum Outcome { known = 0, went_well = 1, another_failure = 2, without_a_row = 3 };

/// Brings a failure about in a mount namespace of its own, where nothing is shared, and looks it up.
int outcome_of(const char* call, int error, const std::function<void()>& fail) {
  Process child = spawn({.namespaces = CLONE_NEWNS}, [&]() -> int {
    check(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "cut the ties");
    try {
      fail();
    } catch (const SystemCallError& failed) {
      if (failed.call() != call || failed.code().value() != error) return another_failure;
      return find_cause(failed.call(), error) != nullptr ? known : without_a_row;
    }
    return went_well;
  });
  return child.wait();
}

void give_up_capability(unsigned number) {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  __user_cap_data_struct data[2] = {};
  check(::syscall(SYS_capget, &header, data), "read the capabilities");
  data[number / 32].effective &= ~(1U << (number % 32));
  check(::syscall(SYS_capset, &header, data), "give a capability up");
}

void bind_on_itself(const fs::path& directory, unsigned long propagation) {
  check(::mount(directory.c_str(), directory.c_str(), nullptr, MS_BIND, nullptr), "make a mount of it");
  check(::mount("none", directory.c_str(), nullptr, propagation, nullptr), "set its propagation");
}

}  // namespace

TEST_CASE("root without a capability is told so", "[causes][needs-root]") {
  NEEDS_ROOT();
  const TemporaryDirectory directory;
  CHECK(outcome_of("chroot", EPERM, [&] {
          give_up_capability(CAP_SYS_CHROOT);
          sys::chroot(directory.path());
        }) == known);
  CHECK(outcome_of("open_tree", EPERM, [&] {
          const UniqueFd here = sys::open(directory.path(), O_PATH);
          give_up_capability(CAP_SYS_ADMIN);
          ignore(sys::clone_mount(here, sys::Depth::one, "it").get(), "never made");
        }) == known);
  CHECK(outcome_of("mknodat", EPERM, [&] {
          const UniqueFd here = sys::open(directory.path(), O_PATH);
          give_up_capability(CAP_MKNOD);
          sys::mknod_character(here, "null", 0666, 1, 3);
        }) == known);
}

TEST_CASE("each way in which pivot_root is refused has a cause", "[causes][needs-root]") {
  NEEDS_ROOT();
  const TemporaryDirectory directory;
  CHECK(outcome_of("pivot_root", EBUSY, [] {
          sys::chdir("/");
          sys::pivot_root_here();
        }) == known);
  CHECK(outcome_of("pivot_root", EINVAL, [&] {
          bind_on_itself(directory.path(), MS_PRIVATE);
          fs::create_directory(directory.path() / "below");
          sys::chdir(directory.path() / "below");
          sys::pivot_root_here();
        }) == known);
  CHECK(outcome_of("pivot_root", EINVAL, [&] {
          bind_on_itself(directory.path(), MS_SHARED);
          sys::chdir(directory.path());
          sys::pivot_root_here();
        }) == known);
}

TEST_CASE("a mount that does not fit its place has a cause", "[causes][needs-root]") {
  NEEDS_ROOT();
  const TemporaryDirectory directory;
  const fs::path file = directory.path() / "file";
  sys::make_file(sys::open(directory.path(), O_PATH), "file", 0644);
  CHECK(outcome_of("move_mount", EINVAL, [&] {
          const UniqueFd here = sys::open(directory.path(), O_PATH);
          sys::attach_mount(sys::clone_mount(here, sys::Depth::one, "it"), sys::open(file, O_PATH), "a file");
        }) == known);
  CHECK(outcome_of("mount_setattr", EINVAL, [&] {
          sys::change_mount(sys::open(directory.path(), O_PATH), {.propagation = MS_PRIVATE}, "it");
        }) == known);
}

TEST_CASE("a child that cannot be made has a cause, by either call", "[causes]") {
  for (const char* const call : {"clone", "clone3"}) {
    CAPTURE(call);
    CHECK(find_cause(call, EAGAIN) != nullptr);
  }
}

TEST_CASE("a path that runs through a file, or through a loop, has a cause", "[causes]") {
  const TemporaryDirectory directory;
  const UniqueFd root = sys::open(directory.path(), O_PATH);
  sys::make_file(root, "file", 0644);
  sys::symlinkat("/loop", root, "loop");
  sys::symlinkat("/nowhere", root, "dangling");
  const auto row = [&](const char* path, FileKind kind) -> const Cause* {
    try {
      ignore(make_in_root(root, path, kind).get(), "refused");
    } catch (const SystemCallError& failed) {
      return find_cause(failed.call(), failed.code().value());
    }
    return nullptr;
  };
  CHECK(row("/file/x", FileKind::directory) != nullptr);
  CHECK(row("/loop", FileKind::directory) != nullptr);
  CHECK(row("/dangling", FileKind::directory) != nullptr);
  CHECK(row("/dangling", FileKind::file) != nullptr);
}
