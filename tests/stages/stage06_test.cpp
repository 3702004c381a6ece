// Who the container is, seen from inside and from outside: as root, as an ordinary user with one number, and
// as one for whom numbers were set aside.

#include "tests/stages/shell.hpp"

namespace {

/// An ordinary user's directory, with a root file system that belongs to him, in which `$S` runs stage 6 as
/// him.
constexpr const char* kAsUser =
    "chmod 755 .; cp $(which stage06) .; mkdir home; mv rootfs home/; chown -R 65534:65534 home; cd home\n"
    "U='setpriv --reuid 65534 --regid 65534 --clear-groups'; S=\"$U ../stage06 run --rootfs rootfs\"\n";

std::string as_user(const std::string& script) { return kAsUser + script; }

/// The same for somebody called reader, number 1234, for whom 65536 numbers were set aside: copies of the
/// three files lie over the machine's own, for this shell alone.
constexpr const char* kAsReader =
    "chmod 755 .; cp $(which stage06) .; mkdir home; mv rootfs home/; chown -R 1234:1234 home\n"
    "cp -a /etc etc; echo 'reader:x:1234:1234::/home/reader:/bin/sh' >> etc/passwd\n"
    "echo 'reader:300000:65536' | tee etc/subuid > etc/subgid; mount --bind etc /etc; cd home\n"
    "U='setpriv --reuid 1234 --regid 1234 --clear-groups'; S=\"$U ../stage06 run --rootfs rootfs\"\n";

std::string as_reader(const std::string& script) { return kAsReader + script; }

/// Whether a script succeeds; for what this machine may lack.
bool works(const std::string& script) { return Shell{}(script).code == 0; }

}  // namespace

#define NEEDS_USER_NAMESPACES()                                                             \
  do {                                                                                      \
    NEEDS_ROOT();                                                                           \
    if (!works("setpriv --reuid 65534 --regid 65534 --clear-groups unshare --user true")) { \
      WARN("skipped: needs user namespaces for users");                                     \
      return;                                                                               \
    }                                                                                       \
  } while (false)

#define NEEDS_UIDMAP()                              \
  do {                                              \
    NEEDS_USER_NAMESPACES();                        \
    if (!works("command -v newuidmap newgidmap")) { \
      WARN("skipped: needs uidmap");                \
      return;                                       \
    }                                               \
  } while (false)

// As root

TEST_CASE("as root nothing changes unless somebody asks", "[stage06]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "stage06 run --rootfs rootfs -- sh -c 'id -u; id -g; stat -c %u:%g /bin/sh; touch /made; cat "
               "/proc/self/uid_map' | tr -s ' '; stat -c %u:%g rootfs/made",
               0, "0\n0\n0:0\n 0 0 4294967295\n0:0\n");
}

TEST_CASE("with --userns private root inside is nobody outside", "[stage06][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "stage06 run --rootfs rootfs --userns private -- sh -c 'id -u; id -G; stat -c %u:%g /bin/sh'",
               0, "0\n0\n0:0\n");
  CHECK_SCRIPT(shell,
               "stage06 run --rootfs rootfs --userns private -- sleep 20 & stage=$!\n"
               "until box=$(pgrep -P $(pgrep -P $stage) -x sleep); do sleep 0.01; done 2> /dev/null\n"
               "[ $(stat -c %u /proc/$box) -ge 65536 ] && echo somebody else\n"
               "awk '{ print $1 }' /proc/$box/uid_map; kill $stage; wait $stage",
               143, "somebody else\n0\n");
}

TEST_CASE("with --userns private files keep their owners on disk", "[stage06][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      "mkdir data; touch data/old; chown 7:8 data/old; stage06 run --rootfs rootfs --userns private -v "
      "$PWD/data:/data -- sh -c 'stat -c %u:%g /data/old; touch /data/new /made; chown 5:6 /made'\n"
      "stat -c %u:%g data/old data/new rootfs/made",
      0, "7:8\n7:8\n0:0\n5:6\n");
}

TEST_CASE("a map that was given is the one that is used", "[stage06]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      "stage06 run --rootfs rootfs --uidmap 0:100000:10 --uidmap 10:200000:5 --gidmap 0:300000:7 -- cat "
      "/proc/self/uid_map /proc/self/gid_map | tr -s ' '",
      0, " 0 100000 10\n 10 200000 5\n 0 300000 7\n");
}

TEST_CASE("root of a user namespace cannot harm what is not its own", "[stage06][before07][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      "sleep 30 & stage06 run --rootfs rootfs --userns private -- sh -c 'mknod /disk b 7 0; hostname new && "
      "hostname; echo 1 > /proc/sys/kernel/panic' 2>&1 | sed 's/.*: //'; kill %1",
      0, "Operation not permitted\nnew\nRead-only file system\n");
}

// --user

TEST_CASE("the option --user takes names and numbers of the container", "[stage06]") {
  NEEDS_ROOT();
  const Shell shell;
  const std::string accounts =
      "echo 'web:x:33:34::/srv/web:/bin/sh' > rootfs/etc/passwd; printf "
      "'web:x:34:\\ntape:x:26:web\\n' > rootfs/etc/group;";
  const std::string run = accounts + "stage06 run --rootfs rootfs ";
  CHECK_SCRIPT(shell, run + "--user web -- sh -c 'id -u; id -g; id -G; echo $HOME'", 0,
               "33\n34\n34 26\n/srv/web\n");
  CHECK_SCRIPT(shell, run + "--user web:tape -- sh -c 'id -u; id -G'", 0, "33\n26\n");
  CHECK_SCRIPT(shell, run + "-u 5000:6000 --group-add tape --group-add 77 -- sh -c 'id -u; id -G'", 0,
               "5000\n6000 26 77\n");
  CHECK_SCRIPT(shell, run + "-u 5000 -- sh -c 'id -u; id -G'", 0, "5000\n0\n");
  CHECK_SCRIPT(shell, run + "-u web -e HOME=/else -- sh -c 'echo $HOME'", 0, "/else\n");
  CHECK_SCRIPT(shell, run + "--userns private -u web -- sh -c 'id -u; id -G'", 0, "33\n34 26\n");
}

TEST_CASE("a user without root has no capability left", "[stage06][security]") {
  NEEDS_ROOT();
  const Shell shell;
  for (const char* const options : {"", "--no-init ", "--userns private "})
    CHECK_SCRIPT(
        shell,
        std::string{"stage06 run --rootfs rootfs --user 33 "} + options +
            "-- sh -c 'grep -E \"Cap(Inh|Prm|Eff|Amb)\" /proc/self/status | cut -f2 | sort -u; chown 33 /bin "
            "2> /dev/null || echo no'",
        0, "0000000000000000\nno\n");
}

TEST_CASE("no group of the caller reaches the container", "[stage06][security]") {
  NEEDS_ROOT();
  const Shell shell;
  const std::string run = "setpriv --groups 4,20,24 stage06 run --rootfs rootfs ";
  CHECK_SCRIPT(shell, run + "-- id -G", 0, "0\n");
  CHECK_SCRIPT(shell, run + "--user 5:6 -- id -G", 0, "6\n");
  CHECK_SCRIPT(shell, run + "--userns private -- id -G", 0, "0\n");
}

TEST_CASE("a user has the terminal that was made for him", "[stage06]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      "script -qec 'stage06 run --rootfs rootfs --user 33 -t -- sh -c \"stat -c %u \\$(tty); echo x > "
      "\\$(tty)\"' /dev/null | tr -d '\\r'",
      0, "33\nx\n");
}

TEST_CASE("a container whose stage dies before it wrote the maps ends", "[stage06][security]") {
  NEEDS_ROOT();
  if (!works("command -v strace")) {
    WARN("skipped: needs strace");
    return;
  }
  // strace holds the stage back for a while at its second mount_setattr, the one that maps owners; a stage
  // that is killed there ends when the while is over.
  CHECK_SCRIPT(
      Shell{},
      "(strace -qq -o /dev/null -e inject=mount_setattr:delay_enter=2s:when=2 sh -c 'echo $$ > stage; exec "
      "stage06 run --rootfs rootfs --userns private sleep 30'; true) 2> /dev/null & tracer=$!\n"
      "until [ -s stage ] && box=$(pgrep -P $(cat stage)); do sleep 0.01; done; kill -9 $(cat stage)\n"
      "for i in $(seq 300); do [ -e /proc/$box ] || break; sleep 0.02; done\n"
      "[ -e /proc/$box ] && kill -9 $box && echo it waits; wait $tracer; echo over",
      0, "over\n");
}

TEST_CASE("kill -9 of the stage ends a user's container, too", "[stage06][security]") {
  NEEDS_ROOT();
  const Shell shell;
  for (const char* const options : {"", "--userns private"})
    CHECK_SCRIPT(
        shell,
        std::string{"stage06 run --rootfs rootfs --user 33 --no-init "} + options +
            " -- sleep 30 & stage=$!\n"
            "until box=$(pgrep -P $stage -x sleep); do sleep 0.01; done\n"
            "kill -9 $stage; wait $stage 2> /dev/null; for i in $(seq 100); do [ -e /proc/$box ] || break; "
            "sleep 0.02; done; [ -e /proc/$box ] && kill $box && echo it lives; echo over",
        0, "over\n");
}

// Without root

TEST_CASE("without root there is root inside", "[stage06][rootless]") {
  NEEDS_USER_NAMESPACES();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      as_user("$S -- sh -c 'id -u; hostname; touch /made; cat /proc/self/uid_map' | tr -s ' '; stat -c %u "
              "rootfs/made"),
      0, "0\nbox\n 0 65534 1\n65534\n");
  CHECK_SCRIPT(Shell{},
               as_user("$S -- sleep 20 & stage=$!\n"
                       "until box=$(pgrep -P $(pgrep -P $stage) -x sleep); do sleep 0.01; done 2> /dev/null\n"
                       "stat -c %u /proc/$box; kill $stage; wait $stage"),
               143, "65534\n");
}

TEST_CASE("without root there are processes, devices and a /sys", "[stage06][rootless]") {
  NEEDS_USER_NAMESPACES();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      as_user("$S -- sh -c 'ps | grep -c [s]tage06; echo x > /dev/null; head -c 2 /dev/zero | wc -c; ls /dev "
              "| tr "
              "\"\\n\" \" \"; test -d /sys/class/net && echo net; echo x > /proc/sys/kernel/panic'"),
      1,
      "1\n2\nfd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero net\nsh: can't "
      "create /proc/sys/kernel/panic: Read-only file system\n");
}

TEST_CASE("without root volumes, --read-only and --network none work", "[stage06][rootless]") {
  NEEDS_USER_NAMESPACES();
  CHECK_SCRIPT(
      Shell{},
      as_user("$U mkdir data; $S -v $PWD/data:/data -- touch /data/made; stat -c %u data/made; $S -v "
              "$PWD/data:/data:ro -- touch /data/more"),
      1, "65534\ntouch: /data/more: Read-only file system\n");
  CHECK_SCRIPT(Shell{}, as_user("$S --read-only --tmpfs /t -- sh -c 'touch /t/a && touch /a'"), 1,
               "touch: /a: Read-only file system\n");
  CHECK_SCRIPT(Shell{}, as_user("$S --network none -- ls /sys/class/net"), 0, "lo\n");
}

TEST_CASE("without root a container has a terminal", "[stage06][rootless]") {
  NEEDS_USER_NAMESPACES();
  CHECK_SCRIPT(Shell{},
               as_user("script -qec \"$S -t -- sh -c 'tty; echo x > /dev/tty'\" /dev/null | tr -d '\\r'"), 0,
               "/dev/pts/0\nx\n");
}

TEST_CASE("without root exit codes and signals are those of the program", "[stage06][rootless]") {
  NEEDS_USER_NAMESPACES();
  CHECK_SCRIPT(
      Shell{},
      as_user("$S -- sh -c 'exit 7'; echo $?; $S -- sh -c 'kill -9 $$'; echo $?; $S nothing 2> /dev/null"),
      127, "7\n137\n");
}

TEST_CASE("keep-id has the caller's number inside", "[stage06][rootless]") {
  NEEDS_USER_NAMESPACES();
  CHECK_SCRIPT(
      Shell{},
      as_user("$S --userns keep-id -- sh -c 'id -u; id -g; grep CapEff /proc/self/status | cut -f2; stat -c "
              "%u /bin'"),
      0, "65534\n65534\n0000000000000000\n65534\n");
}

TEST_CASE("without root another user's file stays out of reach", "[stage06][rootless][security]") {
  NEEDS_USER_NAMESPACES();
  CHECK_SCRIPT(
      Shell{},
      as_user("$U mkdir data; echo secret > data/root; chmod 600 data/root; $S -v $PWD/data:/data -- sh -c "
              "'cat /data/root; chown 0 /data/root 2> /dev/null || echo no: refused; cat /data/root' 2>&1 | "
              "sed 's/.*: //'"),
      0, "Permission denied\nrefused\nPermission denied\n");
}

TEST_CASE("without root and ranges, another user is refused", "[stage06][rootless][bad]") {
  NEEDS_USER_NAMESPACES();
  CHECK_SCRIPT_SAYS(Shell{}, as_user("$S --user 7 true"), 125,
                    "user 7 does not exist in the container's user namespace");
  CHECK_SCRIPT_SAYS(Shell{}, as_user("$S --group-add 0 true"), 125, "without newgidmap");
}

TEST_CASE("with a range set aside there are further users", "[stage06][rootless]") {
  NEEDS_UIDMAP();
  CHECK_SCRIPT(
      Shell{},
      as_reader("$S -- sh -c 'cat /proc/self/uid_map; touch /made; chown 5:6 /made; id -G' | tr -s ' '; stat "
                "-c %u:%g rootfs/made"),
      0, " 0 1234 1\n 1 300000 65536\n0\n300004:300005\n");
  CHECK_SCRIPT(Shell{}, as_reader("$S --user 1000:1000 --group-add 7 -- sh -c 'id -u; id -G'"), 0,
               "1000\n1000 7\n");
  CHECK_SCRIPT(Shell{}, as_reader("$S --userns keep-id -- sh -c 'id -u; cat /proc/self/uid_map' | tr -s ' '"),
               0, "1234\n 0 300000 1234\n 1234 1234 1\n 1235 301234 64302\n");
}

TEST_CASE("the helpers map what was set aside and nothing else", "[stage06][rootless][security]") {
  NEEDS_UIDMAP();
  CHECK_SCRIPT_SAYS(
      Shell{}, as_reader("$S --uidmap 0:1234:1 --uidmap 1:500000:10 -- touch /started; ls rootfs/started"), 2,
      "/usr/bin/newuidmap refused the map");
  CHECK_SCRIPT(Shell{},
               as_reader("$S --uidmap 0:1234:1 --uidmap 1:300000:10 -- cat /proc/self/uid_map | tr -s ' '"),
               0, " 0 1234 1\n 1 300000 10\n");
}

TEST_CASE("where the helpers are missing there is one number", "[stage06][rootless]") {
  NEEDS_UIDMAP();
  CHECK_SCRIPT(
      Shell{},
      as_reader("mount --bind /dev/null /usr/bin/newuidmap; $S -- cat /proc/self/uid_map | tr -s ' '"), 0,
      " 0 1234 1\n");
}

// What is refused

TEST_CASE("users and maps that cannot be meant are refused, and nothing is started", "[stage06][bad]") {
  NEEDS_ROOT();
  const Shell shell;
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"--user nosuch", "unable to find user nosuch"},
      {"--user 0:nosuch", "unable to find group nosuch"},
      {"--group-add nosuch", "unable to find group nosuch"},
      {"--group-add ''", "the name of the group is empty"},
      {"--user=-1", "write it as NAME"},
      {"--user 4294967295", "must be in range 0-4294967294"},
      {"--user 4294967296", "must be in range 0-4294967294"},
      {"--user 1:2:3", "write it as NAME"},
      {"--user ''", "write it as NAME"},
      {"--userns mine", "it is host, private or keep-id"},
      {"--userns keep-id", "as root use --userns private"},
      {"--uidmap 0", "it is written INSIDE:OUTSIDE[:COUNT]"},
      {"--uidmap 0:1:4294967296", "three numbers below"},
      {"--uidmap 0:1000:0", "maps nothing"},
      {"--uidmap 0:1000:10 --uidmap 9:3000:1", "overlap inside"},
      {"--uidmap 0:1000:10 --uidmap 20:1009:1", "overlap outside"},
      {"--uidmap 0:4294967290:6", "runs over the last number"},
      {"--uidmap 1:1000:10", "no row for 0"},
      {"--uidmap 0:1000:10 --user 10", "user 10 does not exist"},
  };
  for (const auto& [options, says] : cases)
    CHECK_SCRIPT_SAYS(
        shell,
        std::string{"stage06 run "} + options +
            " --rootfs rootfs -- touch /started; code=$?; [ -e rootfs/started ] && echo started; exit "
            "$code",
        125, says);
}

TEST_CASE("without root --userns host is refused", "[stage06][rootless][bad]") {
  NEEDS_USER_NAMESPACES();
  CHECK_SCRIPT_SAYS(Shell{}, as_user("$S --userns host true"), 125, "--userns host needs root");
}

TEST_CASE("where no user namespace may be made, the switch is named", "[stage06][rootless][bad]") {
  NEEDS_USER_NAMESPACES();
  // A user of a throw-away namespace in which the limit is 0: this machine's stays what it is.
  CHECK_SCRIPT_SAYS(
      Shell{},
      "unshare --user --map-user=1000 --keep-caps bash -c 'echo 0 > /proc/sys/user/max_user_namespaces; "
      "stage06 run --rootfs rootfs touch /started'; code=$?; [ -e rootfs/started ] && echo started; exit "
      "$code",
      125, "their number is limited to 0");
}

TEST_CASE("in a chroot no user namespace can be made, and the stage says so", "[stage06][rootless][bad]") {
  NEEDS_USER_NAMESPACES();
  CHECK_SCRIPT_SAYS(Shell{},
                    as_user("mkdir ../jail; mount --rbind / ../jail; chroot --userspec=65534:65534 ../jail "
                            "$PWD/../stage06 run --rootfs $PWD/rootfs true"),
                    125, "in a chroot the kernel makes no user namespace");
}

TEST_CASE("where there are user namespaces enough, the limit is named", "[stage06][rootless][bad]") {
  NEEDS_USER_NAMESPACES();
  CHECK_SCRIPT_SAYS(Shell{},
                    "unshare --user --map-user=1000 --map-group=1000 --keep-caps bash -c 'echo 1 > "
                    "/proc/sys/user/max_user_namespaces; "
                    "unshare --user sleep 2 & until [ \"$(readlink /proc/$!/ns/user)\" != \"$(readlink "
                    "/proc/self/ns/user)\" ]; do "
                    "sleep 0.01; done; stage06 run --rootfs rootfs true; code=$?; wait; exit $code'",
                    125, "as many user namespaces as user.max_user_namespaces allows");
}

TEST_CASE("a list of accounts that comes as a volume counts", "[stage06]") {
  NEEDS_PLAIN_BUILD();
  NEEDS_ROOT();
  CHECK_SCRIPT(Shell{},
               "echo 'alice:x:1234:1234::/home/alice:/bin/sh' > accounts; stage06 run --rootfs rootfs -v "
               "./accounts:/etc/passwd:ro --user alice -- sh -c 'id -u; echo $HOME'",
               0, "1234\n/home/alice\n");
}

TEST_CASE("an account list that is a pipe keeps nobody waiting", "[stage06][security][bad]") {
  NEEDS_ROOT();
  CHECK_SCRIPT_SAYS(
      Shell{},
      "rm rootfs/etc/passwd; mkfifo rootfs/etc/passwd; timeout 5 stage06 run --rootfs rootfs --user web "
      "true",
      125, "/etc/passwd is no regular file");
}

TEST_CASE("a map is told in one line by --explain", "[stage06][explain]") {
  NEEDS_ROOT();
  CHECK_SCRIPT(
      Shell{},
      "stage06 run --explain --rootfs rootfs --uidmap 0:100000:10 --uidmap 10:200000:5 true 2>&1 | grep -o "
      "\"printf '.*' > /proc\" | sort -u",
      0, "printf '0 100000 10\\n10 200000 5\\n' > /proc\n");
}
