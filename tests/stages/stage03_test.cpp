#include "tests/stages/shell.hpp"

TEST_CASE("stage 3 has a host name of its own", "[stage03]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "hostname outer; stage03 run --rootfs rootfs hostname; stage03 run --rootfs rootfs --hostname "
               "web hostname; hostname",
               0, "box\nweb\nouter\n");
  CHECK_SCRIPT(shell, "stage03 run --rootfs rootfs -h web -- sh -c 'echo $HOSTNAME'", 0, "web\n");
}

TEST_CASE("stage 3 sees its own processes and no other", "[stage03]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, "stage03 run --rootfs rootfs -- sh -c 'echo $$; echo /proc/[0-9]*'", 0,
               "2\n/proc/1 /proc/2\n");  // init and sh
  CHECK_SCRIPT(shell,
               "sleep 30 & pid=$!; stage03 run --rootfs rootfs -- kill -9 $pid 2>/dev/null; echo $?; kill -0 "
               "$pid && echo alive; kill $pid",
               0, "1\nalive\n");
}

TEST_CASE("stage 3 has IPC objects of its own", "[stage03]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "ipcmk -M 4096 > /dev/null; ipcs -m | grep -c 4096; stage03 run --rootfs rootfs -- cat "
               "/proc/sysvipc/shm | wc -l",
               0,
               "1\n1\n");  // outside one segment; inside the heading alone
}

TEST_CASE("without an init the command itself is process 1", "[stage03]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, "stage03 run --rootfs rootfs --no-init -- sh -c 'echo $$'", 0, "1\n");
}

TEST_CASE("init ends with the command's status", "[stage03]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "stage03 run --rootfs rootfs -- sh -c 'exit 7'; echo $?; stage03 run --rootfs rootfs -- sh -c "
               "'kill -9 $$'; echo $?",
               0, "7\n137\n");
}

TEST_CASE("init reaps orphans", "[stage03]") {
  NEEDS_ROOT();
  const Shell shell;
  // The inner shell ends at once, and its child is given to process 1; ended, it must not stay as a zombie.
  CHECK_SCRIPT(shell,
               "stage03 run --rootfs rootfs -- sh -c \"mknod /dev/null c 1 3; sh -c 'sleep 0.1 & exit'; "
               "sleep 0.4; ps -o stat,comm | grep -c '^Z'\"",
               1, "0\n");
}

TEST_CASE("signals reach the command through init, and none without a handler kills init", "[stage03]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "stage03 run --rootfs rootfs -- sh -c 'trap \"echo got; exit 9\" TERM; echo ready; while :; "
               "do sleep 0.05; done' > out & pid=$!;"
               "until grep -qs ready out; do sleep 0.01; done; kill -TERM $pid; wait $pid; echo $?; cat out",
               0, "9\nready\ngot\n");
  CHECK_SCRIPT(shell,
               "stage03 run --rootfs rootfs -- sh -c 'echo ready; exec sleep 30' > out & pid=$!;"
               "until grep -qs ready out; do sleep 0.01; done; kill -TERM $pid; wait $pid; echo $?",
               0, "143\n");
}

TEST_CASE("kill -9 of stage 3 ends the whole container", "[stage03]") {
  NEEDS_ROOT();
  const Shell shell;
  for (const char* const option : {"--init", "--no-init"})
    CHECK_SCRIPT(
        shell,
        std::string{"rm -f rootfs/ready; stage03 run --rootfs rootfs "} + option +
            " -- sh -c 'touch /ready; exec sleep 4711' & until [ -e rootfs/ready ]; do sleep 0.01; done;"
            "kill -9 $!; wait $! 2>/dev/null; for i in $(seq 100); do pgrep -f '^sleep 4711' > /dev/null || "
            "break; sleep 0.02; done;"
            "pgrep -c -f '^sleep 4711'",
        1, "0\n");
}

TEST_CASE("nothing of the caller's can be opened through process 1", "[stage03][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "exec 9</etc; stage03 run --rootfs rootfs -- sh -c 'sleep 0.1; ls -l /proc/1/fd | grep -c -e "
               "/etc -e /dev/pts -e /out' > out; cat out",
               0, "0\n");
}

TEST_CASE("stage 3 leaves its /proc on the host: chapter 4 mends that", "[stage03]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, "stage03 run --rootfs rootfs true; grep -c \"$PWD/rootfs/proc\" /proc/self/mountinfo",
               0, "1\n");
}

TEST_CASE("the classic breakout still works in stage 3", "[stage03]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "touch sentinel; cp $(which breakout) rootfs/bin/; stage03 run --rootfs rootfs breakout "
               "/bin/ls $PWD/sentinel",
               0, shell.directory().native() + "/sentinel\n");
}

TEST_CASE("no network means one interface, and it is down", "[stage03]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      "stage03 run --rootfs rootfs --network none -- sh -c 'ip -o link | wc -l; ip -o link | grep -c UP'", 1,
      "1\n0\n");
  CHECK_SCRIPT_SAYS(shell, "stage03 run --rootfs rootfs --network bridge true", 125,
                    "arrives in chapter 14 (Networks)");
  CHECK_SCRIPT_SAYS(shell, "stage03 run --rootfs rootfs --network what true", 125,
                    "this stage knows host and none");
}
