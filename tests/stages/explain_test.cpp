#include "tests/stages/shell.hpp"

TEST_CASE("every stage tells the calls that make it", "[explain]") {
  NEEDS_ROOT();
  const Shell shell;
  for (const auto& [stage, calls] : std::vector<std::pair<std::string, std::vector<std::string>>>{
           {"stage01 run", {"clone3(", "execve(\"/usr/bin/true\"", "waitid("}},
           {"stage02 run --rootfs rootfs", {"chroot(\".\")", "shell  chroot ."}},
           {"stage03 run --rootfs rootfs",
            {"CLONE_NEWUTS|CLONE_NEWPID|CLONE_NEWIPC", "sethostname(\"box\")",
             "mount -t proc -o nosuid,nodev,noexec proc /proc"}},
           {"stage04 run --rootfs rootfs -v /etc:/e:ro --tmpfs /t --read-only -t",
            {"pivot_root(\".\", \".\")", "umount2(\".\", MNT_DETACH)", "move_mount(", "MOUNT_ATTR_RDONLY",
             "TIOCGPTPEER", "mknod -m 666 null c 1 3"}}}) {
    const Result result = shell(stage + " --explain true");
    CAPTURE(stage, result.output);
    CHECK(result.code == 0);
    for (const std::string& call : calls) CHECK(contains(result.output, call));
  }
}

TEST_CASE("the numbers of a narration run from 1 without a gap", "[explain]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "stage04 run --rootfs rootfs --explain true 2>&1 | grep -o '^\\[ *[0-9]*\\]' | tr -d '[] ' > "
               "told; seq $(wc -l < told) | cmp - told && [ $(wc -l < told) -gt 100 ]",
               0, "");
}

TEST_CASE("a narration goes to standard error, results to standard output", "[explain]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, "stage04 run --rootfs rootfs --explain echo result 2>/dev/null", 0, "result\n");
}
