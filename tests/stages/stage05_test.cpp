// Limits that hold, whichever version of control groups this machine has. What is compared are results (who
// was killed, how long it ran), and files only where both versions have them.

#include "tests/stages/shell.hpp"

namespace {
constexpr Shell::Where kHost = Shell::Where::host;  // control groups are in no mount namespace of ours

/// A script that counts its own groups, `groups`, and nobody else's: they are made below a group of the
/// test's, $room, that is removed at the end. One name in several trees is one group.
std::string in_a_room(const std::string& script) {
  return "room=dwtest-$$; trees=$(awk '$3 ~ /^cgroup/ { print $2 }' /proc/mounts)\n"
         "for tree in $trees; do mkdir $tree/$room 2>/dev/null; done\n"
         "groups() { for tree in $trees; do ls $tree/$room; done 2>/dev/null | grep ^dockwright- | sort -u | "
         "wc -l; }\n"
         "run() { exec stage05 run --cgroup-parent $room --rootfs rootfs \"$@\"; }\n" +
         script + "\nfor tree in $trees; do [ ! -d $tree/$room ] || rmdir $tree/$room; done\n";
}
}  // namespace

TEST_CASE("a container that wants too much memory ends with 137 and a line that says why",
          "[stage05][cgroup]") {
  NEEDS_PLAIN_BUILD();
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT_SAYS(
      shell, "stage05 run --memory 16m --memory-swap 16m --rootfs rootfs -- tail /dev/zero", 137,
      "out of memory: the kernel killed a process of the container, which wanted more than --memory "
      "16.0MiB");
}

TEST_CASE("a container that keeps within its memory is left alone", "[stage05][cgroup]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT(shell, "stage05 run -m 64m --rootfs rootfs -- sh -c 'head -c 8m /dev/zero | wc -c'", 0,
               "8388608\n");
}

TEST_CASE("a limit of memory holds where the machine has swap, too", "[stage05][cgroup]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT_SAYS(shell, "stage05 run --memory 16m --rootfs rootfs -- tail /dev/zero", 137,
                    "out of memory");
}

TEST_CASE("a fork bomb stops at the limit of processes", "[stage05][cgroup]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT_SAYS(
      shell,
      "stage05 run --pids-limit 16 --rootfs rootfs -- sh -c 'i=0; while [ $i -lt 40 ]; do sleep 5 & "
      "i=$((i+1)); done; echo all of them'",
      2, "can't fork");
}

TEST_CASE("without a word about processes there is a limit all the same", "[stage05][cgroup]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT(shell,
               "stage05 run --rootfs rootfs -- sh -c 'cat /sys/fs/cgroup/pids.max "
               "/sys/fs/cgroup/pids/pids.max 2>/dev/null'",
               1, "2048\n");
  CHECK_SCRIPT(shell,
               "stage05 run --pids-limit -1 --rootfs rootfs -- sh -c 'cat /sys/fs/cgroup/pids.max "
               "/sys/fs/cgroup/pids/pids.max 2>/dev/null'",
               1, "max\n");
}

TEST_CASE("a hog of processor time gets its share, within a tenth, over three seconds", "[stage05][cgroup]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  // What the shell says of its children's time, user and system, over the time that has passed meanwhile, in
  // thousandths. It may never be more than a quarter; a machine that is busy with other things gives less,
  // and is asked again.
  CHECK_SCRIPT(
      shell,
      "for i in 1 2 3 4; do\n"
      "  share=$(stage05 run --cpus 0.25 --rootfs rootfs -- sh -c 'cat /proc/uptime; timeout 3 sh -c "
      "\"while :; do :; done\"; times; cat /proc/uptime' 2>/dev/null | tr 'ms' '  ' | awk '"
      "NR == 1 { begin = $1 } NR == 3 { used = $2 + $4 } "
      "NR == 4 { print int(1000 * used / ($1 - begin)) }')\n"
      "  [ $share -lt 275 ] || { echo too much: $share; exit 1; }\n"
      "  [ $share -le 225 ] || { echo a quarter; exit; }\n"
      "done; echo too little: $share",
      0, "a quarter\n");
}

TEST_CASE("the limits hold before the first instruction of the program", "[stage05][cgroup][security]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT(
      shell,
      "for i in $(seq 30); do stage05 run --no-init --pids-limit 1 --rootfs rootfs -- sh -c 'true & true' "
      "2>&1; done | grep -c \"can't fork\"",
      0, "30\n");
}

TEST_CASE("a container sees its own group as the top, and cannot set its limits",
          "[stage05][cgroup][security]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT(shell,
               "stage05 run --rootfs rootfs -- sh -c \"grep -E ':(pids|memory)?:' /proc/self/cgroup | cut "
               "-d: -f3 | sort "
               "-u\"",
               0, "/\n");
  CHECK_SCRIPT_SAYS(shell,
                    "stage05 run --pids-limit 100 --rootfs rootfs -- sh -c 'for f in /sys/fs/cgroup/pids.max "
                    "/sys/fs/cgroup/pids/pids.max; do [ -e $f ] && echo max > $f; done'",
                    1, "Read-only file system");
}

TEST_CASE("with --cgroupns host a container sees where its group is", "[stage05][cgroup]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT(shell, "stage05 run --cgroupns host --rootfs rootfs -- grep -q dockwright- /proc/self/cgroup",
               0, "");
}

TEST_CASE("a run leaves no group behind, nor do a hundred", "[stage05][cgroup]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT(shell,
               in_a_room("for i in $(seq 100); do (run --memory 64m true) || echo failed; done; groups"), 0,
               "0\n");
}

TEST_CASE("a run that fails leaves no group behind", "[stage05][cgroup]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT(
      shell,
      in_a_room(
          "(run nothing; run --tmpfs /x:size=big true; run --device-read-bps /dev/null:1 true) 2>/dev/null; "
          "(run --tmpfs /x:size=big true) 2>/dev/null; groups"),
      0, "0\n");
}

TEST_CASE("what a stage left that was killed, the next one removes", "[stage05][cgroup]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT(
      shell,
      in_a_room(
          "for i in $(seq 20); do run -- sleep 30 & sleep 0.0$i; kill -9 $!; wait $! 2>/dev/null; done\n"
          "left=$(groups); sleep 0.3; (run true); echo $((left > 0)) $(groups)"),
      0, "1 0\n");
}

TEST_CASE("a group that lives is not taken for abandoned", "[stage05][cgroup]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT(shell,
               "stage05 run --rootfs rootfs -- sh -c 'touch /ready; sleep 1; exit 7' & until [ -e "
               "rootfs/ready ]; do sleep "
               "0.01; done; for i in $(seq 10); do stage05 run --rootfs rootfs true; done; wait $!",
               7, "");
}

TEST_CASE("groups above are made on demand, and removed when they are empty", "[stage05][cgroup]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT(
      shell,
      "stage05 run --cgroup-parent /dwtest-room/one --cgroupns host --rootfs rootfs -- grep -q "
      "/dwtest-room/one/dockwright- /proc/self/cgroup && find /sys/fs/cgroup -name 'dwtest-room*' | wc -l",
      0, "0\n");
}

TEST_CASE("stats shows what a container uses", "[stage05][cgroup]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  const std::string begin =
      "rm -f rootfs/ready; stage05 run --memory 64m --rootfs rootfs -- sh -c 'touch /ready; sleep 20' & "
      "stage=$!; until [ -e "
      "rootfs/ready ]; do "
      "sleep 0.01; done;";
  const std::string end = "; code=$?; kill $stage; wait $stage 2>/dev/null; exit $code";
  CHECK_SCRIPT_SAYS(shell, begin + "stage05 stats --no-stream" + end, 0, " / 64.0MiB");
  CHECK_SCRIPT_SAYS(
      shell, begin + "stage05 stats --no-stream --format json | grep -q '\"PIDs\":\"2\"' && echo two" + end,
      0, "two");
  CHECK_SCRIPT(shell, begin + "stage05 stats --no-stream --format json no-such-container" + end, 0, "");
}

TEST_CASE("limits that cannot be meant are refused, and nothing is started", "[stage05][bad]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"--memory 64x", "not a size"},
      {"--memory -1", "not a size"},
      {"--memory 1000000000000000000000000000000", "no machine has as much"},
      {"--memory 4k", "minimum memory limit allowed is 6MB"},
      {"--memory 64m --memory-swap 32m", "cannot be smaller"},
      {"--memory-swap 64m", "needs --memory"},
      {"--cpus 4000", "range of CPUs is from 0.01 to"},
      {"--cpus 0", "range of CPUs is from 0.01 to"},
      {"--cpus 1 --cpu-quota 5000", "give the one or the other"},
      {"--cpuset-cpus 4000", "is not available"},
      {"--cpu-shares 1", "from 2 to 262144"},
      {"--pids-limit many", "not a whole number"},
      {"--device-read-bps /dev/null:1mb", "is not a block device"},
      {"--device-read-bps /dev/none:1mb", "there is no such device"},
      {"--cgroup-parent ../x", "not the path of a group"},
      {"--cgroupns mine", "it is private or host"},
  };
  for (const auto& [options, says] : cases)
    CHECK_SCRIPT_SAYS(
        shell,
        std::string{"stage05 run "} + options +
            " --rootfs rootfs -- touch /started; code=$?; [ -e rootfs/started ] && echo started; exit $code",
        125, says);
}

TEST_CASE("a tree of groups that is mounted read-only is an error with its cure", "[stage05][bad]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell,
                    "for m in $(awk '$3 ~ /^cgroup/ {print $2}' /proc/mounts); do mount -o remount,bind,ro "
                    "$m; done; stage05 "
                    "run --rootfs rootfs true",
                    125, "mounted read-only");
}

TEST_CASE("without any tree of groups the error says what is missing", "[stage05][bad]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell, "mount -t tmpfs none /sys/fs/cgroup; stage05 run --rootfs rootfs true", 125,
                    "no control groups are mounted");
}
