#include "tests/stages/shell.hpp"

TEST_CASE("stage 2 shows the root file system and nothing of the host", "[stage02]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      "touch rootfs/mark; stage02 run --rootfs rootfs ls / > in; ls rootfs > out; cmp in out && grep mark in",
      0, "mark\n");
}

TEST_CASE("stage 2 begins at the root of the container, or where it is told to", "[stage02]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, "stage02 run --rootfs rootfs pwd; stage02 run --rootfs rootfs -w /etc pwd", 0,
               "/\n/etc\n");
  CHECK_SCRIPT_SAYS(shell, "stage02 run --rootfs rootfs -w /home/nobody pwd", 125,
                    "there is no such directory");
}

TEST_CASE("a program whose loader is missing is told so", "[stage02]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell, "cp /bin/ls rootfs/bin/dynamic; stage02 run --rootfs rootfs dynamic", 127,
                    "stage02: /bin/dynamic needs the loader /lib64/ld-linux-x86-64.so.2, which is not in "
                    "this root file system");
}

TEST_CASE("a dynamic program runs when its loader and libraries are there", "[stage02]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "cp /bin/true rootfs/bin/dynamic; for f in $(ldd /bin/true | grep -o '/[^ ]*'); do mkdir -p "
               "rootfs$(dirname $f); cp -L $f rootfs$f; done;"
               "stage02 run --rootfs rootfs dynamic; echo $?",
               0, "0\n");
}

TEST_CASE("the classic breakout reaches the host in stage 2", "[stage02]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "touch sentinel; cp $(which breakout) rootfs/bin/; stage02 run --rootfs rootfs breakout "
               "/bin/ls $PWD/sentinel",
               0, shell.directory().native() + "/sentinel\n");
}

TEST_CASE("stage 2 shares everything but the root: processes, host name, mounts", "[stage02]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, "hostname outer; stage02 run --rootfs rootfs hostname", 0, "outer\n");
  CHECK_SCRIPT(shell,
               "sleep 30 & pid=$!; disown; stage02 run --rootfs rootfs -- sh -c \"kill -9 $pid\";"
               "sleep 0.2; kill -0 $pid 2>/dev/null || echo killed",
               0, "killed\n");
}
