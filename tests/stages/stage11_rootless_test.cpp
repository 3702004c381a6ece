// Builds without root: files of many owners, and nothing left that their owner cannot remove.

#include "tests/stages/shell.hpp"

namespace {

/// Somebody with this number, as in stage09_rootless_test.cpp, in a directory with an image `box`.
std::string as_user(const std::string& number, const std::string& script) {
  return "chmod 755 .; cp $(which stage11) $(which registry-client) .; mkdir home; mv rootfs home/\n"
         "tar -C home/rootfs -cf home/files.tar .; N=" +
         number +
         "; mkdir home/c; chown -R $N:$N home\n"
         "cp -a /etc etc; printf '\\nreader:x:1234:1234::/home/reader:/bin/sh\\n' >> etc/passwd\n"
         "echo 'reader:300000:65536' | tee etc/subuid > etc/subgid; mount --bind etc /etc; cd home\n"
         "S=\"setpriv --reuid $N --regid $N --clear-groups env HOME=$PWD ../stage11\"; unset "
         "DOCKWRIGHT_ROOT\n"
         "own=.local/share/dockwright; $S import files.tar box > /dev/null\n" +
         script;
}

bool works(const std::string& script) { return Shell{}(script).code == 0; }

bool lacks(const std::string& script, const char* what) {
  if (works(script)) return false;
  WARN("skipped: needs " << what);
  return true;
}

constexpr const char* kTry = "setpriv --reuid 65534 --regid 65534 --clear-groups unshare --user true";

}  // namespace

TEST_CASE("without root an image is built, with owners of many numbers", "[stage11][rootless][of-stage11]") {
  NEEDS_ROOT();
  if (lacks(kTry, "user namespaces for users") || lacks("command -v newuidmap newgidmap", "uidmap")) return;
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      as_user(
          "1234",
          "cat > c/Dockerfile <<'END'\nFROM box\nRUN echo x > /new; chown 7:8 /new; rm -r /etc/passwd\n"
          "WORKDIR /srv\nCOPY --chown=5:6 Dockerfile .\nUSER 9\nRUN id -u\nEND\n"
          "$S build -q -t img c > id; $S run img stat -c '%n %u:%g' /new /srv /srv/Dockerfile\n"
          "$S run img ls /etc/passwd; ls $own/containers $own/tmp; $S system check | grep -c 'all is well'\n"
          "$S save -o saved img; mkdir s; tar -x -C s -f saved; for b in s/blobs/sha256/*; do\n"
          "tar --numeric-owner -tvf $b new srv/Dockerfile 2> /dev/null | cut -c -15; done | sort\n"
          "$S image prune -af > /dev/null; ls $own/layers"),
      0,
      "/new 7:8\n/srv 0:0\n/srv/Dockerfile 5:6\nls: /etc/passwd: No such file or directory\n"
      ".local/share/dockwright/containers:\n\n.local/share/dockwright/tmp:\n1\n"
      "-rw-r--r-- 5/6 \n-rw-r--r-- 7/8 \n");
}

TEST_CASE("without root and with one number an image is built, too", "[stage11][rootless]") {
  NEEDS_ROOT();
  if (lacks(kTry, "user namespaces for users")) return;
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      as_user("65534",
              "printf 'FROM box\\nRUN echo x > /new\\nWORKDIR /srv\\nCOPY Dockerfile .\\n' > c/Dockerfile\n"
              "$S build -q -t img c > id; $S run img stat -c '%n %u:%g' /new /srv /srv/Dockerfile\n"
              "find $own ! -user 65534 | wc -l; $S system check | grep -c 'all is well'"),
      0, "/new 0:0\n/srv 0:0\n/srv/Dockerfile 0:0\n0\n1\n");
}

TEST_CASE("without root a build that fails or is killed leaves nothing", "[stage11][rootless][of-stage11]") {
  NEEDS_ROOT();
  if (lacks(kTry, "user namespaces for users") || lacks("command -v newuidmap newgidmap", "uidmap")) return;
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      as_user(
          "1234",
          "files() { find $own ! -name '*.lock' | sort; }; $S run box true; files > before\n"
          "printf 'FROM box\\nRUN mkdir -m 0 /a; chown 7 /a\\nRUN false\\n' > c/Dockerfile\n"
          "$S build -q c 2> said; echo $?; files | diff before - && echo nothing\n"
          "printf 'FROM box\\nRUN sleep 4714\\n' > c/Dockerfile; $S build -q c 2> said & build=$!\n"
          "until pgrep -f '^sleep 4714' > /dev/null; do sleep 0.02; done; kill -9 $build; wait $build 2> "
          "/dev/null\n"
          "for i in $(seq 100); do pgrep -f '^sleep 4714' > /dev/null || break; sleep 0.02; done\n"
          "pgrep -fc '^sleep 4714'; for i in $(seq 50); do $S images -q > id; "
          "ls $own/containers | grep -q . || break; sleep 0.1; done; files | diff before - && echo nothing"),
      0, "1\nnothing\n0\nnothing\n");
}
