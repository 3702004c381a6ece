#include "book/workbook/doctor.hpp"

#include <algorithm>

#include "tests/unit/catch.hpp"
#include "tests/unit/workbook/small_project.hpp"

using namespace dockwright::workbook;

namespace {

/// A machine as a directory: programs in bin/, files below root/.
struct FakeMachine {
  small::SmallProject files;
  [[nodiscard]] Machine machine() const { return {files.path() / "root", {files.path() / "bin"}}; }
  [[nodiscard]] Finding find(const std::string& name) const {
    const auto all = examine(machine());
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Finding& finding) { return starts_with(finding.name, name); });
    REQUIRE(found != all.end());
    return *found;
  }
};

}  // namespace

TEST_CASE("an empty machine lacks what is needed, and each package is named", "[workbook]") {
  const FakeMachine fake;
  CHECK(is_ill(examine(fake.machine())));
  CHECK_FALSE(fake.find("g++").there);
  CHECK(fake.find("g++").package == "g++");
  CHECK(fake.find("CLI11").package == "libcli11-dev");
  CHECK(fake.find("busybox").package == "busybox-static");
  for (const auto& finding : examine(fake.machine())) CHECK_FALSE(finding.lost.empty());
}

TEST_CASE("a program that is too old is missing", "[workbook]") {
  const FakeMachine fake;
  fake.files.write_program("bin/cmake", "echo cmake version 3.18.4");
  CHECK_FALSE(fake.find("cmake").there);
  CHECK(fake.find("cmake").seen == "3.18.4 is too old");
  fake.files.write_program("bin/cmake", "echo cmake version 3.25.1");
  CHECK(fake.find("cmake").there);
}

TEST_CASE("user namespaces that are switched off are named with their cure", "[workbook]") {
  const FakeMachine fake;
  CHECK(fake.find("user namespaces").seen == "the kernel has no user namespaces");
  fake.files.write("root/proc/self/ns/user", "");
  CHECK(fake.find("user namespaces").there);
  fake.files.write("root/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n");
  CHECK(contains(fake.find("user namespaces").package, "apparmor_restrict_unprivileged_userns=0"));
  fake.files.write("root/proc/sys/kernel/unprivileged_userns_clone", "0\n");
  CHECK(contains(fake.find("user namespaces").seen, "unprivileged_userns_clone is 0"));
  fake.files.write("root/proc/sys/user/max_user_namespaces", "0\n");
  CHECK(contains(fake.find("user namespaces").seen, "max_user_namespaces is 0"));
}

TEST_CASE("the three layouts of cgroups are told apart", "[workbook]") {
  const FakeMachine fake;
  CHECK(fake.machine().cgroup_mode() == Machine::CgroupMode::none);
  fake.files.write("root/sys/fs/cgroup/memory/tasks", "");
  CHECK(fake.machine().cgroup_mode() == Machine::CgroupMode::v1);
  fake.files.write("root/sys/fs/cgroup/unified/cgroup.controllers", "");
  CHECK(fake.machine().cgroup_mode() == Machine::CgroupMode::hybrid);
  fake.files.write("root/sys/fs/cgroup/cgroup.controllers", "");
  CHECK(fake.machine().cgroup_mode() == Machine::CgroupMode::v2);
}

TEST_CASE("a kernel before 5.12 is too old for stage 4", "[workbook]") {
  const FakeMachine fake;
  fake.files.write("root/proc/sys/kernel/osrelease", "5.10.0-28-amd64\n");
  CHECK_FALSE(fake.find("Linux").there);
  fake.files.write("root/proc/sys/kernel/osrelease", "6.1.0\n");
  CHECK(fake.find("Linux").there);
}

TEST_CASE("a busybox that needs libraries is no root file system", "[workbook]") {
  const FakeMachine fake;
  fake.files.write_program("bin/busybox", "# /lib64/ld-linux-x86-64.so.2");
  CHECK_FALSE(fake.find("busybox").there);
  CHECK(contains(fake.find("busybox").seen, "is linked dynamically"));
  fake.files.write_program("bin/busybox", "true");
  CHECK(fake.find("busybox").there);
}

TEST_CASE("the doctor speaks only of what is there, and of later chapters as later", "[workbook]") {
  const FakeMachine fake;
  for (const auto& finding : examine(fake.machine())) {
    INFO(finding.name << ": " << finding.lost);
    const bool announced = contains(finding.lost, "not written");
    CHECK(announced == starts_with(finding.lost, "nothing yet; "));
    if (announced) CHECK_FALSE(finding.needed);
    for (int written = 1; written <= 7; ++written)
      if (announced) CHECK_FALSE(contains(finding.lost, "chapter " + std::to_string(written) + ","));
  }
}

TEST_CASE("what the laboratory can do without is said to be no more than that", "[workbook]") {
  const FakeMachine fake;
  for (const char* name : {"qemu-system-x86_64", "virtiofsd", "mke2fs", "KVM", "laboratory's kernel"}) {
    CAPTURE(name);
    CHECK_FALSE(fake.find(name).there);
    CHECK_FALSE(fake.find(name).needed);
    CHECK(contains(replace_all(fake.find(name).lost, "workbook lab", "laboratory"), "laboratory"));
  }
  CHECK(fake.find("mke2fs").package == "e2fsprogs");
  CHECK(contains(fake.find("virtiofsd").package, "qemu-system-common"));
  CHECK(fake.find("laboratory's kernel").package == "workbook lab --prepare");
  fake.files.write_program("root/usr/lib/qemu/virtiofsd", "true");
  fake.files.write_program("bin/mke2fs", "true");
  fake.files.write("root/dev/kvm", "");
  CHECK(fake.find("mke2fs").there);
  CHECK(fake.find("virtiofsd").there);
  CHECK(fake.find("KVM").there);
}

TEST_CASE("without /proc the kernel is unknown, and mounting it is the cure", "[workbook]") {
  const FakeMachine fake;
  CHECK(fake.find("Linux").seen == "unknown: /proc is not mounted");
  CHECK(fake.find("Linux").package == "mount -t proc proc /proc");
}

TEST_CASE("versions are compared by their numbers", "[workbook]") {
  CHECK(is_at_least("12.2.0", "12"));
  CHECK(is_at_least("3.100", "3.25"));
  CHECK_FALSE(is_at_least("3.9", "3.25"));
  CHECK_FALSE(is_at_least("", "1"));
}
