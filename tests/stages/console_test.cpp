// The container's own terminal, driven through a real pseudo-terminal by script(1).

#include "tests/stages/shell.hpp"

namespace {
/// `command` with a terminal for its input and output; a terminal ends its lines with a carriage return.
std::string in_terminal(const std::string& command) {
  return "script -qec \"" + command + "\" /dev/null < <(sleep 5) | tr -d '\\r\\0'";
}
}  // namespace

TEST_CASE("with -t a container has a terminal of its own", "[console]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "stage04 run --rootfs rootfs -t -- sh -c 'tty; ls -1 /dev/console /dev/pts/*' | tr -d '\\r'",
               0, "/dev/pts/0\n/dev/console\n/dev/pts/0\n/dev/pts/ptmx\n");
  CHECK_SCRIPT(shell, "stage04 run --rootfs rootfs -- tty", 1, "not a tty\n");
}

TEST_CASE("without a terminal to type in, -it is refused", "[console]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      "echo x | stage04 run --rootfs rootfs -it cat 2>&1 | sed s/^stage..:/stage04:/; exit ${PIPESTATUS[1]}",
      125,
      "stage04: the input device is not a TTY\n"
      "  cause: -it hands your terminal on, and standard input is none\n"
      "  cure:  run it in a terminal, or leave out -t\n"
      "  book:  Chapter 4: Mounts and pivot_root (book/04-mounts.md#ch04-terminal)\n");
}

TEST_CASE("the container's terminal has the size of ours, and follows it", "[console]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, in_terminal("stty rows 33 cols 111; stage04 run --rootfs rootfs -it stty size"), 0,
               "33 111\n");
}

TEST_CASE("what is typed reaches the container, and Ctrl-C is its own", "[console]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell,
                    "(sleep 0.5; printf 'echo ty''ped\\r'; sleep 0.3; printf 'sleep 30\\r'; sleep 0.3; "
                    "printf '\\003'; sleep 0.3; printf 'exit 5\\r'; sleep 0.3)"
                    " | script -qec 'stage04 run --rootfs rootfs -it sh' /dev/null; echo code $?",
                    0, "code 5");
}

TEST_CASE("nothing that the container wrote before it ended is lost", "[console]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, "stage04 run --rootfs rootfs -t -- seq 20000 | tr -d '\\r' | cksum; seq 20000 | cksum",
               0, shell("seq 20000 | cksum; seq 20000 | cksum").output);
}

TEST_CASE("our own terminal is as it was after a container with -it", "[console]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               in_terminal("stty -g > before; stage04 run --rootfs rootfs -it true; stty -g > after; cmp "
                           "before after && echo same"),
               0, "same\n");
}
