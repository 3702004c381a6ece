// What a reader gets wrong, or an attacker gets right: a clear message, the right exit code, and nothing left
// behind.

#include "tests/stages/shell.hpp"

namespace {

struct BadInput {
  const char* what;
  const char* script;
  int code;
  const char* says;
};

const std::vector<BadInput> kBadInputs = {
    {"a root that is missing", "$STAGE run --rootfs none true", 125, "there is no such directory"},
    {"a root that is a file", "$STAGE run --rootfs /etc/passwd true", 125,
     "a root file system is a directory"},
    {"a root that is a link", "ln -s rootfs link; $STAGE run --rootfs link true", 125,
     "it is a symbolic link"},
    {"a root that is empty", "mkdir empty; $STAGE run --rootfs empty true", 125,
     "cure:  fill it: samples/bases/busybox empty"},
    {"a command of ours that is none", "$STAGE rum --rootfs rootfs true", 125,
     "unknown command: rum; did you mean run?"},
    {"no root at all", "$STAGE run true", 125, "--rootfs DIR is needed"},
    {"a root with an empty name", "$STAGE run --rootfs '' true", 125, "--rootfs DIR is needed"},
    {"a command that is missing", "$STAGE run --rootfs rootfs nothing", 127, "not found along PATH"},
    {"a command that is a directory", "$STAGE run --rootfs rootfs /etc", 126, "/etc is a directory"},
    {"a command that is not executable", "echo x > rootfs/x; $STAGE run --rootfs rootfs /x", 126,
     "no execute permission"},
    {"a command of another machine",
     "cp /bin/true rootfs/x; printf '\\xb7' | dd of=rootfs/x bs=1 seek=18 conv=notrunc 2>/dev/null; $STAGE "
     "run --rootfs rootfs /x",
     126, "is a program for AArch64"},
    {"a script without its interpreter",
     "printf '#!/bin/python\\n' > rootfs/x; chmod +x rootfs/x; $STAGE run --rootfs rootfs /x", 127,
     "is a script for /bin/python, and /bin/python is not in this root file system"},
    {"a script that would paint the terminal",
     "printf '#!/\\033[31mred\\n' > rootfs/x; chmod +x rootfs/x; $STAGE run --rootfs rootfs /x", 127,
     "is a script for /\\x1b[31mred, and"},
    {"a script with line ends of Windows",
     "printf '#!/bin/sh\\r\\n' > rootfs/x; chmod +x rootfs/x; $STAGE run --rootfs rootfs /x", 127,
     "is a script with line ends of Windows"},
    {"a command that is a link to nowhere", "ln -s /none rootfs/x; $STAGE run --rootfs rootfs /x", 127,
     "/x is a link to /none, which is not there"},
    {"a command below a file", "$STAGE run --rootfs rootfs /etc/passwd/x", 126,
     "what stands before a slash is no directory"},
    {"a command and its arguments in one word", "$STAGE run --rootfs rootfs 'ls /'", 127,
     "quotes make one word of it"},
    {"an environment entry without a value", "$STAGE run --rootfs rootfs -e NOT_SET_HERE true", 125,
     "no value given"},
    {"an environment entry without a name", "$STAGE run --rootfs rootfs -e =x true", 125,
     "a variable needs a name"},
};

const std::vector<BadInput> kBadInputs4 = {
    {"a host name of 65 characters", "$STAGE run --rootfs rootfs --hostname $(printf 'a%.0s' $(seq 65)) true",
     125, "has 65 bytes, and the kernel takes 64"},
    {"an empty host name", "$STAGE run --rootfs rootfs --hostname '' true", 125, "the host name is empty"},
    {"a volume whose source is missing", "$STAGE run --rootfs rootfs -v /none:/x true", 125,
     "the source of the volume is not there"},
    {"a volume whose target has ..", "$STAGE run --rootfs rootfs -v /etc:/a/../../x true", 125,
     "'..' in the target"},
    {"a volume without a target", "$STAGE run --rootfs rootfs -v /etc: true", 125, "the target is missing"},
    {"a volume whose target runs through a file", "$STAGE run --rootfs rootfs -v /etc:/etc/passwd/x true",
     125, "what stands before a slash of the path is a file"},
    {"-it without a terminal", "$STAGE run --rootfs rootfs -it true", 125, "run it in a terminal"},
    {"a volume on the root", "$STAGE run --rootfs rootfs -v /etc:/ true", 125,
     "the target cannot be the root itself"},
    {"a volume whose target is a link that leads nowhere",
     "ln -s /nowhere rootfs/x; $STAGE run --rootfs rootfs -v /etc:/x true", 125,
     "something that is no directory is in the way"},
    {"a directory on a file", "touch rootfs/x; $STAGE run --rootfs rootfs -v /etc:/x true", 125,
     "cannot mount a directory on a file: /x in the container is a file"},
    {"a file on a directory", "$STAGE run --rootfs rootfs -v /etc/passwd:/tmp true", 125,
     "cannot mount a file on a directory"},
    {"a tmpfs with a bad size", "$STAGE run --rootfs rootfs --tmpfs /x:size=big true", 125,
     "tmpfs: Bad value for 'size'"},
    {"a tmpfs with an unknown option", "$STAGE run --rootfs rootfs --tmpfs /x:colour=red true", 125,
     "Unknown parameter 'colour'"},
    {"a /proc that is a link", "rmdir rootfs/proc; ln -s /etc rootfs/proc; $STAGE run --rootfs rootfs true",
     125, "/proc in the root file system is no directory"},
    {"a /sys that is a link", "rmdir rootfs/sys; ln -s tmp rootfs/sys; $STAGE run --rootfs rootfs true", 125,
     "/sys in the root file system is no directory"},
    {"a /dev that is a link", "rm -r rootfs/dev; ln -s etc rootfs/dev; $STAGE run --rootfs rootfs true", 125,
     "/dev in the root file system is no directory"},
    {"a full disk under the root",
     "mkdir full; mount -t tmpfs -o size=4m,nr_inodes=12 full full; mkdir full/bin; cp rootfs/bin/busybox "
     "full/bin/true;"
     "n=0; while touch full/f$n 2>/dev/null; do n=$((n+1)); done; $STAGE run --rootfs full true",
     125, "that holds the root file system is full"},
};

void check_refused(const std::string& stage, const BadInput& bad) {
  const Shell shell;
  const Result result = shell("STAGE=" + stage + "; " + bad.script +
                              "; code=$?; find rootfs -newer rootfs/etc/passwd -name made; exit $code");
  CAPTURE(stage, bad.what, result.output);
  CHECK(result.code == bad.code);
  CHECK(contains(result.output, bad.says));
}

}  // namespace

TEST_CASE("bad input is refused with its reason in stages 2 to 4, 7 and 8", "[bad]") {
  NEEDS_ROOT();
  for (const BadInput& bad : kBadInputs)
    for (const char* const stage : {"stage02", "stage03", "stage04", "stage07", "stage08"})
      check_refused(stage, bad);
}

TEST_CASE("bad input is refused with its reason in stages 4, 7 and 8", "[bad]") {
  NEEDS_ROOT();
  for (const BadInput& bad : kBadInputs4)
    for (const char* const stage : {"stage04", "stage07", "stage08"}) check_refused(stage, bad);
}

TEST_CASE("a refused volume leaves no directory behind", "[bad]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(
      shell,
      "ls rootfs > before; stage04 run --rootfs rootfs --tmpfs /made:size=big true; ls rootfs | cmp before -",
      0, "Bad value");
  CHECK_SCRIPT_SAYS(
      shell, "ls rootfs > before; stage04 run --rootfs rootfs -v /none:/made true; ls rootfs | cmp before -",
      0, "is not there");
}

TEST_CASE("a root that its caller may not enter is told so", "[bad]") {
  NEEDS_ROOT();
  const Shell shell{Shell::Where::host};
  CHECK_SCRIPT_SAYS(shell,
                    "chmod 755 .; chmod 700 rootfs; cp $(which stage02) .; setpriv --reuid 65534 --regid "
                    "65534 --clear-groups ./stage02 run --rootfs rootfs true",
                    125, "may not be entered or listed by you");
}

TEST_CASE("an interrupt during set-up runs nothing and leaves nothing", "[bad]") {
  NEEDS_ROOT();
  const Shell shell{Shell::Where::host};
  // The working directory is on a file system that does not answer: a FIFO cannot be one, but a stopped
  // set-up can be had by stopping the container's first process as soon as it is there.
  CHECK_SCRIPT(
      shell,
      "cat /proc/self/mountinfo > before; wrong=0; for i in $(seq 40); do\n"
      "  stage04 run --rootfs rootfs sh -c 'exit 0' 2>err & pid=$!; kill -INT $pid; wait $pid; code=$?\n"
      "  case $code in 0|130) ;; *) wrong=$((wrong+1)); echo $code; cat err;; esac\n"
      "done; echo wrong $wrong; cat /proc/self/mountinfo | cmp before - && echo same",
      0, "wrong 0\nsame\n");
}

TEST_CASE("fifty containers at once do not get into each other's way", "[bad]") {
  NEEDS_ROOT();
  const Shell shell{Shell::Where::host};
  CHECK_SCRIPT(shell,
               "cat /proc/self/mountinfo > before; for i in $(seq 50); do stage04 run --rootfs rootfs -- sh "
               "-c \"exit $((i % 3))\" & pids+=($!); done;"
               "wrong=0; i=1; for pid in ${pids[@]}; do wait $pid; [ $? = $((i % 3)) ] || "
               "wrong=$((wrong+1)); i=$((i+1)); done; echo wrong $wrong;"
               "cat /proc/self/mountinfo | cmp before - && echo same",
               0, "wrong 0\nsame\n");
}
