// Stage 1 from outside: what a caller of a process may rely on. Needs no root.

#include "tests/stages/shell.hpp"

TEST_CASE("stage 1 gives the command's exit code, 0 to 255", "[stage01]") {
  const Shell shell;
  CHECK_SCRIPT(shell,
               "for code in 0 1 7 124 125 126 127 128 255; do stage01 run -- sh -c \"exit $code\"; printf "
               "'%s ' $?; done",
               0, "0 1 7 124 125 126 127 128 255 ");
}

TEST_CASE("stage 1 gives 128 and the signal that ended the command", "[stage01]") {
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      "for signal in KILL TERM SEGV; do stage01 run -- sh -c \"kill -$signal \\$\\$\"; printf '%s ' $?; done",
      0, "137 143 139 ");
}

TEST_CASE("stage 1 tells what is missing from what cannot be executed", "[stage01]") {
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell, "stage01 run -- no-such-program", 127,
                    "stage01: no-such-program: not found along PATH");
  CHECK_SCRIPT_SAYS(shell, "stage01 run -- /no/such/program", 127, "/no/such/program is not there");
  CHECK_SCRIPT_SAYS(shell, "stage01 run -- /etc", 126, "/etc is a directory");
  CHECK_SCRIPT_SAYS(shell, "stage01 run -- /etc/passwd", 126, "has no execute permission");
  CHECK_SCRIPT_SAYS(shell, "echo text > text; chmod +x text; stage01 run -- $PWD/text", 126,
                    "is not a program");
}

TEST_CASE("stage 1 passes on the signals that it gets", "[stage01]") {
  const Shell shell;
  for (const std::string name : {"TERM", "INT", "HUP", "QUIT", "USR1", "USR2", "WINCH"}) {
    const std::string out = "out-" + name;
    CHECK_SCRIPT(shell,
                 "stage01 run -- bash -c 'trap \"echo got " + name + "; exit 9\" " + name +
                     "; echo ready; while :; do sleep 0.05; done' > " + out +
                     " & pid=$!; until grep -qs ready " + out + "; do sleep 0.01; done; kill -" + name +
                     " $pid; wait $pid; echo $?; cat " + out,
                 0, "9\nready\ngot " + name + "\n");
  }
}

TEST_CASE("stage 1 hands down a clean environment and nothing else", "[stage01]") {
  const Shell shell;
  CHECK_SCRIPT(shell,
               "SECRET=token stage01 run -e A='b c' -e FOO=1 -- env | cut -d= -f1 | sort | tr '\\n' ' '", 0,
               "A FOO HOME HOSTNAME PATH TERM ");
  CHECK_SCRIPT(shell, "FOO=bar stage01 run -e FOO -- sh -c 'echo $FOO'", 0, "bar\n");
  CHECK_SCRIPT(shell, "stage01 run -e A= -- sh -c 'echo ${A-unset}.'", 0, ".\n");
}

TEST_CASE("stage 1 lets no descriptor of its caller through", "[stage01][security]") {
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      "exec 9</etc; stage01 run -- bash -c '[ -e /proc/$$/fd/2 ] && [ ! -e /proc/$$/fd/9 ] && echo none'", 0,
      "none\n");
}

TEST_CASE("stage 1 works when its caller has closed the standard descriptors", "[stage01][security]") {
  const Shell shell;
  CHECK_SCRIPT(shell, "stage01 run -- sh -c 'exit 4' <&- >&- 2>&-; echo $?", 0, "4\n");
}

TEST_CASE("stage 1 begins where it is told to", "[stage01]") {
  const Shell shell;
  CHECK_SCRIPT(shell, "stage01 run -w /usr -- pwd; stage01 run --workdir=/usr pwd", 0, "/usr\n/usr\n");
  CHECK_SCRIPT_SAYS(shell, "stage01 run -w /nowhere -- pwd", 125, "there is no such directory");
  CHECK_SCRIPT_SAYS(shell, "stage01 run -w relative -- pwd", 125, "needs to be an absolute path");
}

TEST_CASE("options end where the command begins", "[stage01]") {
  const Shell shell;
  CHECK_SCRIPT(shell, "stage01 run printf '%s ' -e A=b --workdir x --", 0, "-e A=b --workdir x -- ");
  CHECK_SCRIPT(shell, "stage01 run -- echo -- x", 0, "-- x\n");
  CHECK_SCRIPT(shell, "stage01 run -eA=b sh -c 'echo $A'", 0, "b\n");
}

TEST_CASE("arguments reach the command byte for byte", "[stage01]") {
  const Shell shell;
  CHECK_SCRIPT(shell, "stage01 run printf '[%s]' 'two words' '' $'new\\nline' $'\\xff\\xfe' '*' '$HOME'", 0,
               "[two words][][new\nline][\xff\xfe][*][$HOME]");
  CHECK_SCRIPT(shell, "stage01 run -- sh -c 'echo $#' sh $(seq 10000)", 0, "10000\n");
}

TEST_CASE("an argument list that the kernel refuses is told as such", "[stage01]") {
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell,
                    "head -c 140000 /dev/zero | tr '\\0' x > long; stage01 run true 2>&1 \"$(cat long)\"",
                    126, "Argument list too long");
}

TEST_CASE("what stage 1 does not have says where it arrives", "[stage01]") {
  const Shell shell;
  CHECK_SCRIPT(shell, "stage01 run --memory 50m true", 125,
               "stage01: --memory arrives in chapter 5 (cgroups)\n");
  CHECK_SCRIPT(shell, "stage01 run -it true", 125,
               "stage01: -i arrives in chapter 4 (Mounts and pivot_root)\n");
  CHECK_SCRIPT(shell, "stage01 build .", 125, "stage01: build arrives in chapter 11 (Dockerfile)\n");
  CHECK_SCRIPT(shell, "stage01 run --evn A=b true", 125,
               "stage01: unknown option: --evn; did you mean --env?\n");
  CHECK_SCRIPT_SAYS(shell, "stage01", 125, "no command given");
  CHECK_SCRIPT_SAYS(shell, "stage01 run", 125, "no command given");
  CHECK_SCRIPT_SAYS(shell, "stage01 run -w", 125, "--workdir");
  CHECK_SCRIPT(shell, "stage01 run ''", 127, "stage01: the command is an empty word\n");
}

TEST_CASE("help and version are answers, not errors", "[stage01]") {
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell, "stage01 --help", 0, "Usage: stage01 COMMAND");
  CHECK_SCRIPT_SAYS(shell, "stage01 run --help", 0, "Usage: stage01 run [OPTIONS] [--] COMMAND [ARG...]");
  CHECK_SCRIPT_SAYS(shell, "stage01 --version", 0, "chapter 1: A process is all there is");
}

TEST_CASE("a command outlives kill -9 of stage 1: chapter 3 mends that", "[stage01]") {
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      "stage01 run -- bash -c 'echo $$ > pid; exec sleep 30' & until [ -s pid ]; do sleep 0.01; done;"
      "kill -9 $!; wait $! 2>/dev/null; kill -0 $(cat pid) && echo alive; kill -9 $(cat pid)",
      0, "alive\n");
}

TEST_CASE("without the right to it, a later stage says who may", "[stage02]") {
  if (::geteuid() == 0) {
    const Shell shell{Shell::Where::host};
    CHECK_SCRIPT_SAYS(shell,
                      "chmod 755 . ; setpriv --reuid 65534 --regid 65534 --clear-groups $(which stage02) run "
                      "--rootfs rootfs true",
                      125, "changing the root needs the capability CAP_SYS_CHROOT");
    CHECK_SCRIPT_SAYS(
        shell, "setpriv --reuid 65534 --regid 65534 --clear-groups $(which stage03) run --rootfs rootfs true",
        125, "run it with sudo (chapter 6 removes the need)");
    CHECK_SCRIPT_SAYS(
        shell, "setpriv --reuid 65534 --regid 65534 --clear-groups $(which stage04) run --rootfs rootfs true",
        125, "run it with sudo (chapter 6 removes the need)");
  } else {
    const Shell shell;
    CHECK_SCRIPT_SAYS(shell, "stage02 run --rootfs rootfs true", 125,
                      "changing the root needs the capability CAP_SYS_CHROOT");
  }
}
