#include "tests/stages/shell.hpp"

namespace {
constexpr Shell::Where kHost = Shell::Where::host;  // what must not change is the host's

/// The five sets of a command under these options, in the order of /proc/self/status.
std::string sets(const std::string& options) {
  return "stage07 run --rootfs rootfs " + options +
         " -- sh -c 'grep ^Cap /proc/self/status | cut -f2 | tr \"\\n\" \" \"'";
}

std::string five(const std::string& permitted, const std::string& bounding) {
  const std::string none = "0000000000000000 ";
  return none + permitted + " " + permitted + " " + bounding + " " + none;
}

/// A place for a root file system whose devices and setuid programs count: /tmp may be nodev and nosuid.
const std::string kPlain = "mkdir -p plain; mount -t tmpfs none plain; cp -a rootfs plain/; cd plain; ";

const std::string kDefault = "00000000a80425fb";
const std::string kNone = "0000000000000000";
}  // namespace

TEST_CASE("root in stage 7 has Docker's capabilities, in all five sets", "[stage07][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, sets(""), 0, five(kDefault, kDefault));
}

TEST_CASE("capabilities come and go by option, in all five sets", "[stage07][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, sets("--cap-add NET_ADMIN"), 0, five("00000000a80435fb", "00000000a80435fb"));
  CHECK_SCRIPT(shell, sets("--cap-drop CHOWN --cap-drop cap_kill"), 0,
               five("00000000a80425da", "00000000a80425da"));
  CHECK_SCRIPT(shell, sets("--cap-drop ALL"), 0, five(kNone, kNone));
  CHECK_SCRIPT(shell, sets("--cap-drop ALL --cap-add CHOWN"), 0,
               five("0000000000000001", "0000000000000001"));
}

TEST_CASE("the option --privileged gives what the caller holds himself", "[stage07]") {
  NEEDS_ROOT();
  const Shell shell;
  const std::string held = shell("awk '/^CapPrm/ { printf $2 }' /proc/self/status").output;
  CHECK_SCRIPT(shell, sets("--privileged"), 0, five(held, held));
  CHECK_SCRIPT(shell, sets("--cap-add ALL"), 0, five(held, held));
}

TEST_CASE("what the caller's ambient set has does not reach the container", "[stage07][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, "setpriv --inh-caps=+sys_time --ambient-caps=+sys_time " + sets(""), 0,
               five(kDefault, kDefault));
}

TEST_CASE("the init of stage 7 keeps nothing but the power to signal", "[stage07][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "stage07 run --rootfs rootfs -- sh -c 'sleep 0.2; grep -E \"^Cap(Inh|Prm|Eff|Amb)\" "
               "/proc/1/status | cut -f2'",
               0, "0000000000000000\n0000000000000020\n0000000000000020\n0000000000000000\n");
}

TEST_CASE("a capability that is unknown, or not ours, is an error that names it", "[stage07]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell, "stage07 run --rootfs rootfs --cap-add NET_ADMN true", 125,
                    "unknown capability: NET_ADMN; did you mean NET_ADMIN?");
  CHECK_SCRIPT_SAYS(shell,
                    "setpriv --bounding-set=-sys_time stage07 run --rootfs rootfs --cap-add SYS_TIME true",
                    125, "we do not hold cap_sys_time ourselves");
}

TEST_CASE("no program gains privileges, and a filter is in force", "[stage07][security]") {
  NEEDS_ROOT();
  const Shell shell;
  const std::string status =
      " -- sh -c 'grep -E \"^(NoNewPrivs|Seccomp):\" /proc/self/status | cut -f2 | tr \"\\n\" \" \"'";
  CHECK_SCRIPT(shell, "stage07 run --rootfs rootfs" + status, 0, "1 2 ");
  CHECK_SCRIPT(shell, "stage07 run --rootfs rootfs --no-init" + status, 0, "1 2 ");
  CHECK_SCRIPT(shell, "stage07 run --rootfs rootfs --security-opt no-new-privileges=false" + status, 0,
               "0 2 ");
  CHECK_SCRIPT(shell, "stage07 run --rootfs rootfs --security-opt seccomp=unconfined" + status, 0, "1 0 ");
  CHECK_SCRIPT(shell, "stage07 run --rootfs rootfs --privileged" + status, 0, "0 0 ");
}

TEST_CASE("mounting is refused although the user is root", "[stage07][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, "stage07 run --rootfs rootfs -- sh -c 'id -u; mount -t tmpfs none /mnt'", 1,
               "0\nmount: permission denied (are you root?)\n");
  CHECK_SCRIPT(shell, "stage07 run --rootfs rootfs -- umount /proc/interrupts", 1,
               "umount: can't unmount /proc/interrupts: Operation not permitted\n");
  CHECK_SCRIPT(shell,
               "stage07 run --rootfs rootfs --cap-add SYS_ADMIN -- sh -c 'mount -t tmpfs none /mnt && grep "
               "-c /mnt /proc/mounts'",
               0, "1\n");
}

TEST_CASE("a device that is made cannot be opened", "[stage07][security]") {
  NEEDS_ROOT();  // CAP_SYSLOG, so that nothing but the list of devices refuses the kernel's log
  const Shell shell;
  CHECK_SCRIPT(shell,
               "stage07 run --rootfs rootfs --cap-add SYSLOG -- sh -c 'mknod /dev/k c 1 11 && echo made; cat "
               "/dev/k; mknod "
               "/dev/n c 1 3 && echo x > /dev/n "
               "&& echo opened'",
               0, "made\ncat: can't open '/dev/k': Operation not permitted\nopened\n");
}

TEST_CASE("a device that lies in the root file system cannot be opened either", "[stage07][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(
      shell,
      kPlain + "mknod rootfs/kmsg c 1 11; stage07 run --rootfs rootfs --cap-add SYSLOG head -c 1 /kmsg", 1,
      "Operation not permitted");
}

TEST_CASE("the option --device gives one device, with the access that was asked for", "[stage07]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "stage07 run --rootfs rootfs --cap-add SYSLOG --device /dev/kmsg -- sh -c 'stat -c \"%t:%T\" "
               "/dev/kmsg; head "
               "-n 1 /dev/kmsg | wc -l'",
               0, "1:b\n1\n");
  CHECK_SCRIPT_SAYS(
      shell,
      "stage07 run --rootfs rootfs --cap-add SYSLOG --device /dev/kmsg:/dev/log/kernel:r -- sh -c 'head -n 1 "
      "/dev/log/kernel | wc -l; echo x "
      "> /dev/log/kernel'",
      1, "1\nsh: can't create /dev/log/kernel: Operation not permitted");
  CHECK_SCRIPT_SAYS(shell, "stage07 run --rootfs rootfs --device /dev/absent true", 125,
                    "look at the device /dev/absent");
  CHECK_SCRIPT_SAYS(shell, "stage07 run --rootfs rootfs --device /etc/passwd true", 125, "that is no device");
}

TEST_CASE("the option --privileged brings the host's devices and settings back", "[stage07]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      "stage07 run --rootfs rootfs --privileged -- sh -c 'head -n 1 /dev/kmsg | wc -l; head -n 1 "
      "/proc/interrupts | grep -c CPU0; mount -t tmpfs none /mnt && echo mounted; : >> "
      "/proc/sys/kernel/core_pattern && echo writable; d=/sys/fs/cgroup; [ -d $d/pids ] && d=$d/pids; mkdir "
      "$d/x && rmdir $d/x && echo groups'",
      0, "1\n1\nmounted\nwritable\ngroups\n");
}

TEST_CASE("systempaths=unconfined takes the masks off, and nothing else", "[stage07]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "stage07 run --rootfs rootfs --security-opt systempaths=unconfined -- sh -c 'head -n 1 "
               "/proc/interrupts | grep -c CPU0; "
               "umount /proc 2>/dev/null || echo refused'",
               0, "1\nrefused\n");
}

TEST_CASE("a profile of the user's replaces ours", "[stage07]") {
  NEEDS_ROOT();
  const Shell shell;
  const std::string write_profile =
      "echo "
      "'{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\",\"mkdirat\"],\"action\":"
      "\"SCMP_ACT_ERRNO\",\"errnoRet\":95}]}' > p.json; ";
  CHECK_SCRIPT_SAYS(shell,
                    write_profile + "stage07 run --rootfs rootfs --security-opt seccomp=p.json mkdir /new", 1,
                    "Operation not supported");
  CHECK_SCRIPT(
      shell,
      write_profile +
          "stage07 run --rootfs rootfs --security-opt seccomp=$PWD/p.json -- sh -c 'touch /new; ls /new'",
      0, "/new\n");
}

TEST_CASE("a malformed profile is refused with its line, and nothing is started", "[stage07]") {
  NEEDS_ROOT();
  const Shell shell;
  const auto run = [](const std::string& text) {
    return "printf '" + text +
           "' > p.json; stage07 run --rootfs rootfs --security-opt seccomp=p.json touch /started; code=$?; "
           "ls "
           "rootfs/started 2>/dev/null; exit $code";
  };
  CHECK_SCRIPT_SAYS(shell, run("{\\n\\n oops}"), 125, ": p.json:3: ");
  CHECK_SCRIPT_SAYS(shell, run("{\"defaultAction\":\\n\"SCMP_ACT_WHAT\"}"), 125,
                    ": p.json:2: /defaultAction: unknown action: SCMP_ACT_WHAT");
  CHECK_SCRIPT_SAYS(shell, "stage07 run --rootfs rootfs --security-opt seccomp=absent.json true", 125,
                    "open the profile absent.json: No such file or directory");
  CHECK_SCRIPT_SAYS(shell, "stage07 run --rootfs rootfs --security-opt seccomp=. true", 125,
                    "Is a directory");
  CHECK_SCRIPT_SAYS(shell, "stage07 run --rootfs rootfs --security-opt seccomp=/dev/zero true", 125,
                    "at most 1048576 bytes");
}

TEST_CASE("security options that nobody knows are refused by name", "[stage07]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell, "stage07 run --rootfs rootfs --security-opt sekkomp=x true", 125,
                    "--security-opt sekkomp=x: ");
  CHECK_SCRIPT_SAYS(shell, "stage07 run --rootfs rootfs --security-opt apparmor=docker-default true", 125,
                    "without AppArmor");
  CHECK_SCRIPT_SAYS(shell, "stage07 run --rootfs rootfs --security-opt label=type:x true", 125,
                    "without SELinux");
  CHECK_SCRIPT(
      shell,
      "stage07 run --rootfs rootfs --security-opt apparmor=unconfined --security-opt label=disable echo fine",
      0, "fine\n");
}

TEST_CASE("limits of a process are what was asked for", "[stage07]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "stage07 run --rootfs rootfs --ulimit nofile=64:128 --ulimit core=0 -- sh -c 'ulimit -Sn; "
               "ulimit -Hn; ulimit -c'",
               0, "64\n128\n0\n");
  CHECK_SCRIPT_SAYS(shell, "stage07 run --rootfs rootfs --ulimit nofile=2:1 true", 125,
                    "must not be above the hard one");
  CHECK_SCRIPT_SAYS(shell,
                    "ulimit -n 512; setpriv --bounding-set=-sys_resource stage07 run --rootfs rootfs "
                    "--ulimit nofile=1024 true",
                    125, "raising a hard limit needs CAP_SYS_RESOURCE");
}

TEST_CASE("the score for want of memory is set, within bounds", "[stage07]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "stage07 run --rootfs rootfs --oom-score-adj 500 cat /proc/self/oom_score_adj; cat "
               "/proc/self/oom_score_adj",
               0, "500\n0\n");
  CHECK_SCRIPT_SAYS(shell, "stage07 run --rootfs rootfs --oom-score-adj 1001 true", 125, "--oom-score-adj");
}

TEST_CASE("settings of its own namespaces can be set, and the host's stay", "[stage07][security]") {
  NEEDS_ROOT();
  const Shell shell{kHost};
  CHECK_SCRIPT(shell,
               "cat /proc/sys/kernel/shmmni > before; stage07 run --rootfs rootfs --sysctl kernel.shmmni=77 "
               "cat /proc/sys/kernel/shmmni; cmp "
               "before /proc/sys/kernel/shmmni && echo same",
               0, "77\nsame\n");
  CHECK_SCRIPT(shell,
               "stage07 run --rootfs rootfs --network none --sysctl net.ipv4.ip_default_ttl=7 cat "
               "/proc/sys/net/ipv4/ip_default_ttl",
               0, "7\n");
  CHECK_SCRIPT_SAYS(shell, "stage07 run --rootfs rootfs --sysctl net.ipv4.ip_forward=1 true", 125,
                    "the network is the host's");
  CHECK_SCRIPT_SAYS(shell, "stage07 run --rootfs rootfs --sysctl kernel.core_pattern=x true", 125,
                    "not a setting of a namespace");
  CHECK_SCRIPT_SAYS(shell, "stage07 run --rootfs rootfs --sysctl kernel.shmmni=many true", 125,
                    "does not take that value");
  CHECK_SCRIPT_SAYS(shell, "stage07 run --rootfs rootfs --sysctl kernel.msgwhat=1 true", 125,
                    "not a setting");
}

TEST_CASE("nobody in the container looks into its init", "[stage07][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "stage07 run --rootfs rootfs -- sh -c 'for name in exe root cwd fd/0 fd/3 fd/4; do readlink "
               "/proc/1/$name || echo closed; done; head -c 1 /proc/1/mem 2>/dev/null || echo closed'",
               0, "closed\nclosed\nclosed\nclosed\nclosed\nclosed\nclosed\n");
}

TEST_CASE("the runtime does not run itself as a container's program", "[stage07][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell, "stage07 run --rootfs rootfs /proc/self/exe --version", 126,
                    "is this runtime itself");
  CHECK_SCRIPT_SAYS(
      shell,
      "printf '#!/proc/self/exe\\n' > rootfs/trap; chmod +x rootfs/trap; stage07 run --rootfs rootfs /trap",
      126, "is this runtime itself");
  CHECK_SCRIPT_SAYS(shell,
                    "cp $(command -v stage07) here; printf '#!/bin/x\\n' > rootfs/trap; chmod +x "
                    "rootfs/trap; ln -s /proc/self/exe rootfs/bin/x; "
                    "./here run --rootfs rootfs /trap",
                    126, "is this runtime itself");
}

TEST_CASE("the file of the runtime cannot be written while a container runs", "[stage07][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell,
                    "mkdir own; cp $(command -v stage07) own/; own/stage07 run --rootfs rootfs -v "
                    "$PWD/own:/own -- sh -c 'echo x >> /own/stage07'",
                    1, "Text file busy");
}

TEST_CASE("the container has a session keyring of its own", "[stage07][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell, "stage07 run --explain --rootfs rootfs true", 0,
                    "keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL)");
}

TEST_CASE("the option --explain tells how the power is given up, in order", "[stage07][explain]") {
  NEEDS_PLAIN_BUILD();
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "stage07 run --explain --rootfs rootfs true 2>&1 | grep -oE 'PR_CAPBSET_DROP|\\] "
               "capset|NO_NEW_PRIVS|MODE_FILTER|execve' | head -n 5",
               0, "PR_CAPBSET_DROP\n] capset\nNO_NEW_PRIVS\nMODE_FILTER\nexecve\n");
  CHECK_SCRIPT(
      shell,
      "stage07 run --explain --rootfs rootfs --security-opt no-new-privileges=false true 2>&1 | grep -oE "
      "'PR_CAPBSET_DROP|\\] capset|NO_NEW_PRIVS|MODE_FILTER|execve' | head -n 4",
      0, "PR_CAPBSET_DROP\nMODE_FILTER\n] capset\nexecve\n");
}

TEST_CASE("a user other than root holds no capability, and can get none", "[stage07][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, sets("--user 1000"), 0, five(kNone, kDefault));
  CHECK_SCRIPT(shell, sets("--user 1000 --cap-add NET_ADMIN"), 0, five(kNone, "00000000a80435fb"));
  CHECK_SCRIPT(shell, sets("--user 1000 --security-opt no-new-privileges=false"), 0, five(kNone, kDefault));
}

TEST_CASE("a setuid program of the image makes nobody root", "[stage07][security]") {
  NEEDS_ROOT();
  const Shell shell;
  const std::string run =  // it may change its root only if it has become root
      kPlain +
      "mkdir -p rootfs/tmp/breakout; chmod 777 rootfs/tmp/breakout; cp $(command -v breakout) rootfs/bin/s; "
      "chmod 4755 rootfs/bin/s; stage07 run "
      "--rootfs rootfs --user 1000 ";
  CHECK_SCRIPT_SAYS(shell, run + "-- /bin/s /bin/true", 1,
                    "move the root below where we stand: Operation not permitted");
  CHECK_SCRIPT(shell, run + "--security-opt no-new-privileges=false -- /bin/s /bin/true", 0, "");
}

TEST_CASE("in a user namespace of its own root has the same sets, filter and masks", "[stage07][security]") {
  NEEDS_ROOT();
  const Shell shell;
  if (contains(shell("stage07 run --rootfs rootfs --userns private true").output, "id-mapped mounts")) {
    WARN("skipped: needs a file system that knows id-mapped mounts (tmpfs does since Linux 6.3)");
    return;
  }
  CHECK_SCRIPT(shell, sets("--userns private"), 0, five(kDefault, kDefault));
  CHECK_SCRIPT(
      shell,
      "stage07 run --rootfs rootfs --userns private -- sh -c 'grep ^Seccomp: /proc/self/status; umount "
      "/proc/interrupts 2>/dev/null || echo refused; readlink /proc/1/exe || echo closed'",
      0, "Seccomp:\t2\nrefused\nclosed\n");
  CHECK_SCRIPT(shell,
               "stage07 run --rootfs rootfs --userns private --ulimit nofile=10:20 --oom-score-adj 300 "
               "--sysctl kernel.shmmni=77 "
               "--device /dev/kmsg -- sh -c 'ulimit -n; cat /proc/self/oom_score_adj "
               "/proc/sys/kernel/shmmni; stat -c %t:%T /dev/kmsg'",
               0, "10\n300\n77\n1:b\n");
}

TEST_CASE("without root stage 7 protects as it does with it", "[stage07][security][rootless]") {
  NEEDS_ROOT();  // to become nobody in particular
  const Shell shell;
  const std::string as_user =
      "chmod 755 .; cp $(command -v stage07) $(command -v seccomp-compile) .; chown -R 65533:65533 .; "
      "setpriv --reuid 65533 --regid 65533 "
      "--clear-groups ./stage07 run --rootfs rootfs ";
  CHECK_SCRIPT(shell,
               as_user +
                   "-- sh -c 'id -u; grep -E \"^(CapEff|CapBnd|NoNewPrivs|Seccomp):\" /proc/self/status | "
                   "cut -f2; mount -t tmpfs none "
                   "/mnt 2>/dev/null || echo refused; readlink /proc/1/exe || echo closed'",
               0, "0\n" + kDefault + "\n" + kDefault + "\n1\n2\nrefused\nclosed\n");
  CHECK_SCRIPT(shell, as_user + "--cap-add SYS_ADMIN -- sh -c 'mount -t tmpfs none /mnt && echo mounted'", 0,
               "mounted\n");
  CHECK_SCRIPT(
      shell,
      as_user + "--privileged -- sh -c 'mount -t tmpfs none /mnt && echo mounted; stat -c %t:%T /dev/kmsg'",
      0, "mounted\n1:b\n");
  CHECK_SCRIPT_SAYS(shell, as_user + "--oom-score-adj -300 true", 125, "needs CAP_SYS_RESOURCE on the host");
}
