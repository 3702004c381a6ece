#include "tests/stages/shell.hpp"

namespace {
constexpr Shell::Where kHost = Shell::Where::host;  // what must not change is the host's
}

TEST_CASE("the host's mount table is the same before and after stage 4", "[stage04]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT(shell,
               "cat /proc/self/mountinfo > before; stage04 run --rootfs rootfs -v $PWD:/data --tmpfs /t true;"
               "cat /proc/self/mountinfo > after; cmp before after && echo same",
               0, "same\n");
}

TEST_CASE("the host's mount table is the same after kill -9 of stage 4", "[stage04]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT(shell,
               "cat /proc/self/mountinfo > before; stage04 run --rootfs rootfs -- sh -c 'touch /ready; exec "
               "sleep 30' &"
               "until [ -e rootfs/ready ]; do sleep 0.01; done; kill -9 $!; wait $! 2>/dev/null;"
               "cat /proc/self/mountinfo > after; cmp before after && echo same",
               0, "same\n");
}

TEST_CASE("the classic breakout is dead in stage 4", "[stage04][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell,
                    "touch sentinel; cp $(which breakout) rootfs/bin/; stage04 run --rootfs rootfs breakout "
                    "/bin/ls $PWD/sentinel",
                    1, "No such file or directory");
}

TEST_CASE("/proc/1/root leads nowhere but to the container", "[stage04][before07][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "touch sentinel rootfs/inside; stage04 run --rootfs rootfs -- sh -c \"ls /proc/1/root/inside; "
               "ls /proc/1/root$PWD/sentinel 2>/dev/null; echo $?\"",
               0, "/proc/1/root/inside\n0\n");
}

TEST_CASE("the /dev of stage 4 has what is promised and nothing else", "[stage04]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, "stage04 run --rootfs rootfs -- ls /dev | tr '\\n' ' '", 0,
               "fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero ");
  CHECK_SCRIPT(
      shell,
      "umask 077; stage04 run --rootfs rootfs -- sh -c 'stat -c %a /dev/null /dev/tty /dev/shm; umask'", 0,
      "666\n666\n1777\n0022\n");
  CHECK_SCRIPT(shell,
               "stage04 run --rootfs rootfs -- sh -c 'echo x > /dev/null; head -c 2 /dev/zero | wc -c; echo "
               "x > /dev/full; echo $?'",
               0, "2\nsh: write error: No space left on device\n1\n");
}

TEST_CASE("what the kernel shows of itself is masked or read-only", "[stage04][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "stage04 run --rootfs rootfs -- sh -c 'cat /proc/keys /proc/timer_list /proc/interrupts; ls "
               "/proc/acpi /sys/firmware 2>/dev/null | grep -v :'",
               0, "\n");
  CHECK_SCRIPT_SAYS(shell, "stage04 run --rootfs rootfs -- sh -c 'echo x > /proc/sys/kernel/core_pattern'", 1,
                    "Read-only file system");
  CHECK_SCRIPT_SAYS(shell, "stage04 run --rootfs rootfs -- mkdir /sys/fs/x", 1, "Read-only file system");
}

TEST_CASE("a mount inside does not appear outside, nor the other way round", "[stage04][before07]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "mount --make-rshared / 2>/dev/null; stage04 run --rootfs rootfs -- mount -t tmpfs inner "
               "/mnt; grep -c inner /proc/self/mountinfo",
               1, "0\n");
}

TEST_CASE("a volume shows the host's directory, and read-only means it", "[stage04]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT(shell,
               "mkdir data; echo hello > data/file; stage04 run --rootfs rootfs -v $PWD/data:/data -- sh -c "
               "'cat /data/file; touch /data/made'; ls data",
               0, "hello\nfile\nmade\n");
  CHECK_SCRIPT_SAYS(shell, "stage04 run --rootfs rootfs -v $PWD/data:/data:ro touch /data/new", 1,
                    "Read-only file system");
  CHECK_SCRIPT(shell, "echo one > f; stage04 run --rootfs rootfs -v ./f:/etc/one:ro cat /etc/one", 0,
               "one\n");
  CHECK_SCRIPT(shell,
               "stage04 run --rootfs rootfs --mount type=bind,src=$PWD/data,dst=/d,readonly cat /d/file", 0,
               "hello\n");
}

TEST_CASE("read-only reaches the mounts below a volume", "[stage04][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell,
                    "mkdir -p data/sub; mount -t tmpfs x data/sub; stage04 run --rootfs rootfs -v "
                    "$PWD/data:/data:ro touch /data/sub/new",
                    1, "Read-only file system");
}

TEST_CASE("volumes nest whatever order they are given in", "[stage04]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT(shell,
               "mkdir a b; touch b/deep; mkdir a/in; stage04 run --rootfs rootfs -v $PWD/b:/v/in -v "
               "$PWD/a:/v ls /v /v/in",
               0, "/v:\nin\n\n/v/in:\ndeep\n");
}

TEST_CASE("a volume's target through a link that leads out lands inside", "[stage04][security]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT(
      shell,
      "mkdir data victim; touch data/mine; ln -s $PWD/victim rootfs/link; mkdir -p rootfs$PWD/victim;"
      "stage04 run --rootfs rootfs -v $PWD/data:/link ls $PWD/victim; ls victim",
      0, "mine\n");
}

TEST_CASE("whoever swaps a target for a link meanwhile gets nothing outside", "[stage04][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      "mkdir data victim rootfs/target; ln -s ../victim rootfs/trap; touch data/mine\n"
      "cat /proc/self/mountinfo > before\n"
      "(while :; do mv -T rootfs/target rootfs/aside; mv -T rootfs/trap rootfs/target; mv -T rootfs/target "
      "rootfs/trap; mv -T rootfs/aside rootfs/target; done 2>/dev/null) & attacker=$!\n"
      "ran=0; for i in $(seq 150); do stage04 run --rootfs rootfs -v $PWD/data:/target/made$i true "
      "2>/dev/null && ran=$((ran+1)); done\n"
      "kill $attacker; wait $attacker 2>/dev/null\n"
      "[ $ran -gt 0 ] && echo some ran; ls victim; cat /proc/self/mountinfo | cmp before - && echo same",
      0, "some ran\nsame\n");
}

TEST_CASE("a read-only container cannot change its root, but its tmpfs", "[stage04]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT_SAYS(shell, "stage04 run --rootfs rootfs --read-only touch /new", 1, "Read-only file system");
  CHECK_SCRIPT(shell,
               "stage04 run --rootfs rootfs --read-only --tmpfs /scratch:size=1m,mode=700 -- sh -c 'touch "
               "/scratch/new && stat -c %a /scratch'",
               0, "700\n");
  CHECK_SCRIPT_SAYS(
      shell,
      "stage04 run --rootfs rootfs --tmpfs /scratch:size=1m dd if=/dev/zero of=/scratch/big bs=1M count=2", 1,
      "No space left on device");
}

TEST_CASE("without -i standard input is empty, with it it is ours", "[stage04]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell, "echo typed | stage04 run --rootfs rootfs cat; echo typed | stage04 run --rootfs rootfs -i cat",
      0, "typed\n");
}

TEST_CASE("a command in stage 4 has a session of its own", "[stage04][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, "stage04 run --rootfs rootfs -- sh -c 'cut -d\" \" -f6 /proc/$$/stat'", 0,
               "2\n");  // its leader is the command
}

TEST_CASE("a thousand arguments, strange ones too, reach the command in the container", "[stage04]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, "stage04 run --rootfs rootfs -- sh -c 'echo $#' sh $(seq 10000)", 0, "10000\n");
  CHECK_SCRIPT(shell, "stage04 run --rootfs rootfs printf '[%s]' 'a b' '' $'\\xff' $'n\\nl'", 0,
               "[a b][][\xff][n\nl]");
}
