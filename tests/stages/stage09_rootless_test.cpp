// Images without root: a store of one's own, files of many owners in it, and nothing left that its owner
// cannot remove.

#include "tests/stages/shell.hpp"

namespace {

/// Somebody called reader, number 1234, for whom 65536 numbers were set aside: copies of the files that say
/// so lie over the machine's own, for this shell alone. `$S` is stage 9 as he runs it.
constexpr const char* kReader =
    "chmod 755 .; cp $(which stage09) .; mkdir home; mv rootfs home/; tar -C home/rootfs -cf home/files.tar "
    ".\n"
    "chown -R 1234:1234 home; cp -a /etc etc; printf '\\nreader:x:1234:1234::/home/reader:/bin/sh\\n' >> "
    "etc/passwd\n"
    "echo 'reader:300000:65536' | tee etc/subuid > etc/subgid; mount --bind etc /etc; cd home\n"
    "S=\"setpriv --reuid 1234 --regid 1234 --clear-groups env HOME=$PWD ../stage09\"; unset DOCKWRIGHT_ROOT\n"
    "$S import files.tar box > /dev/null\n";
/// The same for somebody who has one number.
constexpr const char* kAlone =
    "chmod 755 .; cp $(which stage09) .; mkdir home; mv rootfs home/; tar -C home/rootfs -cf home/files.tar "
    ".\n"
    "chown -R 65534:65534 home; cd home; unset DOCKWRIGHT_ROOT\n"
    "S=\"setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=$PWD ../stage09\"\n"
    "$S import files.tar box > /dev/null\n";

bool works(const std::string& script) { return Shell{}(script).code == 0; }

}  // namespace

#define NEEDS_USERS(helpers)                                                                \
  do {                                                                                      \
    NEEDS_ROOT();                                                                           \
    if (!works("setpriv --reuid 65534 --regid 65534 --clear-groups unshare --user true")) { \
      WARN("skipped: needs user namespaces for users");                                     \
      return;                                                                               \
    }                                                                                       \
    if ((helpers) && !works("command -v newuidmap newgidmap")) {                            \
      WARN("skipped: needs uidmap");                                                        \
      return;                                                                               \
    }                                                                                       \
  } while (false)

TEST_CASE("without root an image is run, changed and committed, with owners of many numbers",
          "[stage09][rootless]") {
  NEEDS_USERS(true);
  const Shell shell;
  CHECK_SCRIPT(shell,
               std::string{kReader} +
                   "$S run --user 5:6 box sh -c 'echo $(id -u) $(id -g)'\n"
                   "$S run --upper up box sh -c 'touch /new; chown 7:8 /new; rm -r /etc/passwd'\n"
                   "$S commit up img:2 > /dev/null; $S run img:2 sh -c 'stat -c %u:%g /new; ls /etc/passwd'\n"
                   "$S run --upper up2 img:2 true; $S export up2 | tar -tvf - new | cut -c 1-14\n"
                   "$S run --upper up3 box true; find .local -newer up3 -path '*containers/*' | wc -l\n"
                   "$S system check | grep -c 'all is well'; $S image prune -af > /dev/null; ls -A "
                   ".local/share/dockwright/layers | wc -l",
               0,
               "5 6\n7:8\nls: /etc/passwd: No such file or directory\n-rw-r--r-- 7/8\n0\n"
               "1\n0\n");
}

TEST_CASE("without root the store is its owner's, and nobody else reads it",
          "[stage09][rootless][security]") {
  NEEDS_USERS(false);
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      std::string{kAlone} +
          "$S run box id -u; stat -c '%a %u' .local/share/dockwright; find .local ! -user 65534 | wc -l\n"
          "$S rmi box > /dev/null; $S images -q; ls -A .local/share/dockwright/layers",
      0, "0\n700 65534\n0\n");
}

TEST_CASE("without root volumes of an image are filled, and are the container's", "[stage09][rootless]") {
  NEEDS_USERS(true);
  const Shell shell;
  CHECK_SCRIPT(shell,
               std::string{kReader} +
                   "mkdir -p rootfs/data; echo inside > rootfs/data/file; chown -R 9:9 rootfs/data; tar -C "
                   "rootfs -cf files.tar .\n"
                   "$S import -c 'VOLUME /data' -c 'WORKDIR /srv' files.tar vol > /dev/null\n"
                   "$S run vol sh -c 'pwd; cat /data/file; stat -c %u:%g /data /data/file; echo x > "
                   "/data/file'; $S run vol cat /data/file",
               0, "/srv\ninside\n9:9\n9:9\ninside\n");
}

TEST_CASE("with --userns private an image's files and volumes belong to somebody inside",
          "[stage09][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "export DOCKWRIGHT_ROOT=$PWD/store; mkdir -p rootfs/data; touch rootfs/data/file; chown 9:9 "
               "rootfs/data/file\n"
               "tar -C rootfs -c . | stage09 import -c 'VOLUME /data' - box > /dev/null\n"
               "stage09 run --userns private box sh -c 'stat -c %u:%g /bin/busybox /data/file; touch "
               "/data/new /new; stat -c %u:%g "
               "/data/new /new'\n"
               "stage09 run --userns private --upper up box touch /new; stat -c %u:%g up/diff/new",
               0, "0:0\n9:9\n0:0\n0:0\n0:0\n");
}
