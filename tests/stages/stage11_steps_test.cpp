// RUN, from outside: where it runs, what stays of it, and what does not; how a build ends that fails.

#include "tests/stages/shell.hpp"

namespace {

/// As in stage11_test.cpp.
constexpr const char* kBox =
    "export DOCKWRIGHT_ROOT=$PWD/store S=stage11; mkdir -p c\n"
    "[ -e store ] || tar -C rootfs -c --sort=name --owner=0 --group=0 --mtime=@0 . | "
    "{ SOURCE_DATE_EPOCH=1700000000 $S import - box; $S run box true; } > /dev/null\n"
    "built() { cat > c/Dockerfile; $S build -q -t img \"$@\" c > built.id; }\n"
    "plain() { cat > c/Dockerfile; $S build -t img \"$@\" c 2>&1; }\n"
    "files() { find store ! -name '*.lock' | sort; }\n";

std::string box(const std::string& script) { return kBox + script; }

std::string made(const std::string& lines, const std::string& script) {
  return box("built <<'END'\nFROM box\n" + lines + "\nEND\n" + script);
}

/// What a layer of `img` has in it; the last is 1.
constexpr const char* kLayer =
    "layer() { h=$($S image inspect -f '{{json .RootFS.Layers}}' img | grep -o '[0-9a-f]\\{64\\}' | tail -$1 "
    "| head -1)\n"
    "tar -tf store/blobs/sha256/$h; }\n";

}  // namespace

TEST_CASE("RUN takes a line, a list, or lines of its own, with an interpreter or without", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               made("RUN echo line $((1 + 1)) && \\\n    echo of two >> /log\nRUN [\"sh\", \"-c\", \"echo "
                    "list >> /log\"]\n"
                    "RUN <<EOF\necho script >> /log\n  echo with blanks >> /log\nEOF\n"
                    "RUN <<EOF\n#!/usr/bin/awk -f\nBEGIN { print \"awk\" >> \"/log\" }\nEOF\n"
                    "RUN cat <<EOF >> /log\nfed $HOME\nEOF\nRUN <<-EOF cat >> /log\n\ttabs\n\tEOF",
                    "$S run img cat /log"),
               0, "of two\nlist\nscript\nwith blanks\nawk\nfed /root\ntabs\n");
}

TEST_CASE("a step runs as the image's user, in its directory, with nothing to read", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               made("WORKDIR /w\nRUN chmod 777 .\nUSER 5:6\nENV FOO=bar\nRUN echo $(id -u):$(id -g) $PWD "
                    "$FOO $(wc -c) > said",
                    "$S run img cat /w/said"),
               0, "5:6 /w bar 0\n");
}

TEST_CASE("a step has the protections of a container", "[stage11][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      made("RUN grep -E 'Seccomp:|NoNewPrivs' /proc/self/status > /said; echo $$ >> /said\n"
           "RUN mount -t tmpfs none /mnt 2>> /said || true; mknod /d b 8 0 2>> /said && cat /d 2>> /said || "
           "true\n"
           "RUN echo x > /proc/sys/kernel/hostname || echo read-only >> /said",
           "$S run img cat /said"),
      0,
      "NoNewPrivs:\t1\nSeccomp:\t2\n2\nmount: permission denied (are you root?)\n"
      "cat: can't open '/d': Operation not permitted\nread-only\n");
}

TEST_CASE("the host's name server is there for a step, and not in the image", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      box("rm -f rootfs/etc/resolv.conf rootfs/etc/hosts; tar -C rootfs -c . | $S import - bare > /dev/null\n"
          "cp $(realpath /etc/resolv.conf) expected; built --add-host there:10.9.8.7 <<'END'\nFROM bare\n"
          "RUN cp /etc/resolv.conf /seen; grep -q 10.9.8.7.there /etc/hosts; touch /etc/resolv.conf || "
          "true\nEND\n" +
          std::string{kLayer} + "layer 1; $S run img cat /seen | cmp - expected && echo same"),
      0, "seen\nsame\n");
}

TEST_CASE("a long list of hosts is whole in a step, and what is added stands below", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      box("printf 'FROM box\\nRUN cp /etc/hosts /seen\\n' > c/Dockerfile\n"
          "seq -f '10.0.0.1 host%.0f' 20000 > hosts; export S; unshare -m --propagation private sh -c '"
          "mount --bind hosts /etc/hosts; $S build -q -t img --add-host there:10.9.8.7 c > built.id'\n"
          "$S run img cat /seen | tail -n 2; $S run img cat /seen | wc -l"),
      0, "10.0.0.1 host20000\n10.9.8.7\tthere\n20001\n");
}

TEST_CASE("a step without a network has none", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      made(
          "RUN --network=none ls /sys/class/net > /none",
          "$S run img cat /none; built --network none <<'END'\nFROM box\nRUN ls /sys/class/net > /none\nEND\n"
          "$S run img cat /none"),
      0, "lo\nlo\n");
}

TEST_CASE("a layer has what its step changed, and nothing else", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      made("RUN mkdir /d; echo 1 > /d/a; echo 2 > /d/b\nRUN rm /d/a; mv /d/b /d/c; rm /bin/arch\nRUN true",
           std::string{kLayer} + "layer 3; echo -; layer 2; echo -; layer 1; $S run img ls /d"),
      0, "d/\nd/a\nd/b\n-\nbin/\nbin/.wh.arch\nd/\nd/.wh.a\nd/.wh.b\nd/c\n-\nc\n");
}

TEST_CASE("the layers of a build are those that another store unpacks", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      made("RUN mkdir -m 1777 /d; touch /d/x; ln /d/x /d/y; ln -s x /d/z; chown 5:6 /d/x; mkfifo /d/p; rm -r "
           "/bin/arch",
           "list() { $S run img sh -c 'cd /; find d bin -exec stat -c \"%n %F %a %u:%g %h\" {} + | sort'; }\n"
           "list > one; $S save -o saved img; export DOCKWRIGHT_ROOT=$PWD/other; $S load -i saved > "
           "/dev/null\n"
           "list | diff one - && echo same"),
      0, "same\n");
}

TEST_CASE("what a step leaves running is ended with it", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               made("RUN sleep 4711 & nohup sleep 4711 > /dev/null 2>&1 & true", "pgrep -fc '^sleep 4711'"),
               1, "0\n");
}

TEST_CASE("a step that fails tells its code, its last words and where it stands", "[stage11][of-stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      box("files > before; plain <<'END' | sed -E 's/^#([0-9]+) [0-9.]+ /#\\1 T /; s/^[0-9]+[.][0-9]+ /T /; "
          "s/DONE .*/DONE/'\nFROM box\nRUN mkdir /a\nRUN echo last words; \\\n  exit 3\nEND\n"
          "echo code ${PIPESTATUS[0]}; files | diff before - && echo nothing is left"),
      0,
      "#1 [1/3] FROM docker.io/library/box:latest\n#1 DONE\n\n#2 [2/3] RUN mkdir /a\n#2 DONE\n\n"
      "#3 [3/3] RUN echo last words; exit 3\n#3 T last words\n"
      "#3 ERROR: process \"/bin/sh -c echo last words;   exit 3\" did not complete successfully: exit code: "
      "3\n"
      "------\n > [3/3] RUN echo last words; exit 3:\nT last words\n------\n"
      "Dockerfile:3\n--------------------\n   2 |     RUN mkdir /a\n"
      "   3 | >>> RUN echo last words; \\\n   4 | >>>   exit 3\n--------------------\n"
      "ERROR: failed to solve: process \"/bin/sh -c echo last words;   exit 3\" did not complete "
      "successfully: "
      "exit code: 3\ncode 1\nnothing is left\n");
}

TEST_CASE("a build that is interrupted ends within a second and leaves nothing", "[stage11][of-stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  const std::string ends =
      "RUN touch /made\nRUN trap '' TERM INT; sleep 4712; sleep 4712; sleep 4712\nEND\n"
      "files > before; $S build -q c > said 2>&1 & build=$!\n"
      "until pgrep -f '^sleep 4712' > /dev/null; do sleep 0.02; done; start=$(date +%s%N)\n"
      "kill -$SIGNAL $build; { wait $build; } 2> /dev/null; echo $?; [ $(( ($(date +%s%N) - start) / 1000000 "
      ")) -lt 1500 ] && "
      "echo soon\n"
      "until ! pgrep -f '^sleep 4712' > /dev/null; do sleep 0.02; done; $S system check > /dev/null\n"
      "files | diff before - && echo nothing is left";
  CHECK_SCRIPT(shell, box("SIGNAL=TERM; cat > c/Dockerfile <<'END'\nFROM box\n" + ends), 0,
               "143\nsoon\nnothing is left\n");
  CHECK_SCRIPT(shell, box("SIGNAL=INT; set -m; cat > c/Dockerfile <<'END'\nFROM box\n" + ends), 0,
               "130\nsoon\nnothing is left\n");
}

TEST_CASE("what a killed build leaves is gone with the next command", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               box("cat > c/Dockerfile <<'END'\nFROM box\nRUN touch /made; sleep 4713\nEND\n"
                   "$S build -q c > said 2>&1 & build=$!\nuntil pgrep -f '^sleep 4713' > /dev/null; do sleep "
                   "0.02; done\n"
                   "kill -9 $build; wait $build 2> /dev/null; for i in $(seq 100); do pgrep -f '^sleep 4713' "
                   "> /dev/null || break; "
                   "sleep 0.02; done; pgrep -fc '^sleep 4713'\n"
                   "for i in $(seq 50); do $S images > /dev/null; ls store/containers | grep -q . || break; "
                   "sleep 0.1; done\n"
                   "ls store/containers store/tmp"),
               0, "0\nstore/containers:\n\nstore/tmp:\n");
}

TEST_CASE("a full disk is named as such, and leaves nothing", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(
      shell,
      box("mkdir -p disk; mount -t tmpfs -o size=12m none disk; cp -a store disk/; "
          "export DOCKWRIGHT_ROOT=$PWD/disk/store\n"
          "head -c 7000000 /dev/urandom > c/large; printf 'FROM box\\nCOPY large /\\n' > c/Dockerfile\n"
          "$S build -q c; echo code $?; ls disk/store/containers disk/store/tmp"),
      0, "No space left on device");
}

TEST_CASE("two builds at once do not disturb each other", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               box("for i in 1 2 3 4; do mkdir d$i; printf \"FROM box\\nRUN echo same > /same\\nRUN echo $i "
                   "> /own\\n\" > d$i/Dockerfile\n"
                   "$S build -q -t img$i d$i > id$i 2>&1 & done; wait; for i in 1 2 3 4; do $S run img$i cat "
                   "/own; done\n"
                   "$S system check | grep -c 'all is well'"),
               0, "1\n2\n3\n4\n1\n");
}

TEST_CASE("a directory of the host can be lent to all steps, and not be written", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               box("mkdir lent; echo word > lent/file; built -v $PWD/lent:/lent <<'END'\nFROM box\n"
                   "RUN cp /lent/file /kept; touch /lent/new || echo refused >> /kept\nEND\n" +
                   std::string{kLayer} + "layer 1; $S run img cat /kept; ls lent"),
               0, "kept\nword\nrefused\nfile\n");
}

TEST_CASE("links of an image lead a build nowhere out of it", "[stage11][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               box("mkdir host; H=$PWD/host; cat > c/Dockerfile <<END\nFROM box\n"
                   "RUN ln -s /../../../../../..$H /out && mkdir -p $H\nWORKDIR /out/made\nRUN touch inside\n"
                   "COPY Dockerfile /out/copied\nADD Dockerfile /out/../../../../../..$H/added\nEND\n"
                   "$S build -q -t img c > id; ls host; $S run img ls $H"),
               0, "added\ncopied\nmade\n");
}

TEST_CASE("a name server's file that is a link to nowhere stays one", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               made("RUN true",
                    "ln -sf ../run/no/where rootfs/etc/resolv.conf; tar -C rootfs -c . | $S import - linked "
                    "> /dev/null\n"
                    "built <<'END'\nFROM linked\nRUN wc -l /etc/hosts > /seen\nEND\n" +
                        std::string{kLayer} + "layer 1; $S run img readlink /etc/resolv.conf"),
               0, "seen\n../run/no/where\n");
}
