// The mounts of RUN from outside: what a step sees, and what of it is nowhere afterwards (threats 27, 44,
// 45); where a build goes (`--output`), and how it is told (`--progress`).

#include "tests/stages/shell.hpp"

namespace {

constexpr const char* kBefore = R"sh(
export DOCKWRIGHT_ROOT=$PWD/store S=stage12 SOURCE_DATE_EPOCH=
[ -e store ] || tar -C rootfs -c --sort=name --owner=0 --group=0 --mtime=@0 . | $S import - box > /dev/null
mkdir -p c
# What RUN printed, without numbers and times.
said() { $S build --progress plain --no-cache -t out "$@" > log 2>&1; local code=$?
  sed -nE 's/^#[0-9]+ [0-9]+[.][0-9]+ //p' log; [ $code = 0 ] || { grep '^ERROR' log; return $code; }; }
layer() { $S build -q --no-cache -t out "$@" > /dev/null && $S save -o out.tar out && mkdir -p x && tar -xf out.tar -C x &&
  tar -tf x/$(tar -xOf out.tar manifest.json | sed -E 's/.*,"([^"]*)"\].*/\1/'); rm -rf x; }
)sh";

Result run(const Shell& shell, const std::string& script) { return shell(kBefore + script); }

/// What a step says that runs `words` (flags and command).
std::string said(const Shell& shell, const std::string& words, const std::string& options = "") {
  return run(shell, "cat > c/Dockerfile <<'END'\nFROM box\nRUN " + words + "\nEND\nsaid " + options + " c")
      .output;
}

}  // namespace

TEST_CASE("a step sees its mounts, and they are not in the image", "[stage12][mounts]") {
  NEEDS_ROOT();
  const Shell shell;
  REQUIRE(run(shell, "echo from the context > c/a; mkdir c/sub; echo below > c/sub/b").code == 0);
  CHECK(said(shell, "--mount=target=/in cat /in/a; echo x > /in/a || echo refused") ==
        "from the context\n/bin/sh: can't create /in/a: Read-only file system\nrefused\n");
  CHECK(said(shell, "--mount=target=/in,source=sub,rw echo new > /in/b; cat /in/b") == "new\n");
  CHECK(said(shell, "--mount=target=/f,source=a cat /f") == "from the context\n");
  CHECK(said(shell, "--mount=type=tmpfs,target=/t,size=1m df -m /t | tail -1 | awk '{ print $1, $2 }'") ==
        "tmpfs 1\n");
  CHECK(run(shell, "cat c/a c/sub/b").output == "from the context\nbelow\n");
  CHECK_SCRIPT(shell, std::string{kBefore} + R"(
cat > c/Dockerfile <<'END'
FROM box
RUN --mount=target=/in/deep --mount=type=cache,target=/var/c --mount=type=tmpfs,target=/t \
    --mount=type=secret,id=s true
END
echo s > s; layer --secret id=s,src=s c)",
               0, "");
}

TEST_CASE("a mount shows nothing that .dockerignore leaves out", "[stage12][mounts][security]") {
  NEEDS_ROOT();
  const Shell shell;
  REQUIRE(
      run(shell, "echo a > c/a; echo k > c/key; mkdir c/d; echo k > c/d/key; echo '**/key' > c/.dockerignore")
          .code == 0);
  CHECK(said(shell, "--mount=target=/in cd /in && find . -name key -o -name a") == "./a\n");
  CHECK(contains(said(shell, "--mount=target=/in,source=key cat /in"), "key\": not found"));
}

TEST_CASE("a mount's target that is a link to / stays in the step's root", "[stage12][mounts][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, std::string{kBefore} + R"(
echo from the context > c/a; mkdir victim
cat > c/Dockerfile <<END
FROM box
RUN ln -s / /top && ln -s ../../../../../.. /up && ln -s $PWD/victim /victim && mkdir /real
RUN --mount=target=/top/real --mount=target=/up/made cat /real/a /made/a; ls -d /real /made
RUN --mount=type=cache,target=/victim/x echo y > /victim/x/z || true
END
said c; ls victim; [ -e /made ] || echo nothing on the host)",
               0, "from the context\nfrom the context\n/made\n/real\nnothing on the host\n");
}

TEST_CASE("a mount's source that is a link cannot leave its context or stage",
          "[stage12][mounts][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, std::string{kBefore} + R"(
mkdir outside; echo of the host > outside/file; ln -s $PWD/outside c/out; ln -s ../outside c/up
for source in out/file up/file ../outside/file; do
  printf 'FROM box\nRUN --mount=target=/in,source=%s cat /in\n' $source > c/Dockerfile; said c | grep -c 'of the host'; done
cat > c/Dockerfile <<END
FROM box AS stage
RUN ln -s $PWD/outside /out && mkdir /kept && echo kept > /kept/file
FROM box
RUN --mount=from=stage,target=/in,source=/kept cat /in/file
RUN --mount=from=stage,target=/in,source=/out cat /in/file
END
said c | grep -v ERROR)",
               0, "0\n0\n0\nkept\n");
}

TEST_CASE("a cache outlives its step, and builds wait for one that is locked", "[stage12][mounts]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK(said(shell, "--mount=type=cache,target=/c echo x >> /c/f; cat /c/f") == "x\n");
  CHECK(said(shell, "--mount=type=cache,target=/c echo x >> /c/f; cat /c/f") == "x\nx\n");
  CHECK(said(shell, "--mount=type=cache,target=/c,id=two,mode=0711,uid=3,gid=4 stat -c '%a %u %g' /c") ==
        "711 3 4\n");
  CHECK_SCRIPT(shell, std::string{kBefore} + R"(
mkdir d; for i in 1 2; do mkdir d/$i; cat > d/$i/Dockerfile <<END
FROM box
RUN --mount=type=cache,target=/c,id=locked,sharing=locked echo begin$i >> /c/log; sleep 1; echo end$i >> /c/log
END
$S build -q d/$i > /dev/null & done; wait
printf 'FROM box\nRUN --mount=type=cache,target=/c,id=locked cat /c/log | sed "s/[12]$//"\n' > c/Dockerfile; said c)",
               0, "begin\nend\nbegin\nend\n");
}

TEST_CASE("a secret is in no layer, history, cache record or log", "[stage12][mounts][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, std::string{kBefore} + R"(
echo -n s3cret-of-file > file; export TOKEN=s3cret-of-variable
cat > c/Dockerfile <<'END'
FROM box
RUN --mount=type=secret,id=file --mount=type=secret,id=var,env=TOKEN \
    --mount=type=secret,id=place,target=/etc/place,mode=0444,uid=5 \
    cat /run/secrets/file /etc/place | wc -c; echo ${#TOKEN}; stat -c '%a %u' /etc/place /run/secrets/file
RUN ls /run/secrets /etc/place; echo "[$TOKEN]"
END
said --secret id=file,src=file --secret id=var,env=TOKEN --secret id=place,src=file c
$S save -o out.tar out; $S history --no-trunc out > history; $S inspect out > inspected
grep -rac s3cret store out.tar log history inspected | grep -v ':0$'; echo searched)",
               0,
               "28\n18\n444 5\n400 0\nls: /run/secrets: No such file or directory\n"
               "ls: /etc/place: No such file or directory\n[]\nsearched\n");
}

TEST_CASE("a step does not depend on the secret's value, and fails where it is required",
          "[stage12][mounts]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, std::string{kBefore} + R"(
printf 'FROM box\nRUN --mount=type=secret,id=s cat /run/secrets/s\n' > c/Dockerfile
echo one > s; $S build -q --secret id=s,src=s -t out c > 1; echo two > s; $S build -q --secret id=s,src=s -t out c | cmp 1 - && echo same
printf 'FROM box\nRUN --mount=type=secret,id=s,required true\n' > c/Dockerfile; said c)",
               1, "same\nERROR: failed to solve: secret s: not found\n");
}

TEST_CASE("a step may ask the SSH agent, and has no key", "[stage12][mounts]") {
  NEEDS_ROOT();
  const Shell shell;
  if (run(shell, "command -v ssh-agent && command -v ssh-keygen").code != 0) {
    WARN("skipped: needs ssh-agent");
    return;
  }
  CHECK_SCRIPT(shell, std::string{kBefore} + R"(
eval $(ssh-agent) > /dev/null; trap 'kill $SSH_AGENT_PID' EXIT
ssh-keygen -q -t ed25519 -N '' -f key && ssh-add -q key
cat > c/Dockerfile <<'END'
FROM box
RUN --mount=type=ssh,uid=7,mode=0600 echo "[$SSH_AUTH_SOCK]"; stat -c '%F %a %u' $SSH_AUTH_SOCK 2> /dev/null || true
RUN --mount=type=ssh,required echo there
RUN ls /run/buildkit 2>&1; echo "[$SSH_AUTH_SOCK]"
END
said --ssh default c; said c)",
               1,
               "[/run/buildkit/ssh_agent.0]\nsocket 600 7\nthere\n"
               "ls: /run/buildkit: No such file or directory\n[]\n[]\n"
               "ERROR: failed to solve: no SSH key \"default\" forwarded from the client\n");
}

TEST_CASE("a step has the network and the power that it is given", "[stage12][mounts]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK(said(shell, "--network=none ls /sys/class/net") == "lo\n");
  CHECK(said(shell, "mount -t tmpfs none /mnt 2> /dev/null && echo powerful || echo bounded") == "bounded\n");
  CHECK(said(shell, "--security=insecure mount -t tmpfs none /mnt && echo powerful",
             "--allow security.insecure") == "powerful\n");
  CHECK(contains(said(shell, "--security=insecure true"), "security.insecure"));
}

TEST_CASE("a wrong mount is refused with its line", "[stage12][mounts]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell, std::string{kBefore} + R"(
printf 'FROM box\nRUN --mount=type=cahce,target=/x true\n' > c/Dockerfile; $S build c 2>&1)",
                    1, "   2 | >>> RUN --mount=type=cahce,target=/x true");
  CHECK_SCRIPT_SAYS(shell, std::string{kBefore} + "$S build c 2>&1", 1,
                    "unsupported mount type \"cahce\"; did you mean cache?");
}

TEST_CASE("a build goes where --output says, and only there", "[stage12][output]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell, std::string{kBefore} + R"(
echo hello > c/greeting; printf 'FROM scratch\nCOPY greeting /\nCOPY greeting /deep/er/\nCMD ["x"]\n' > c/Dockerfile
$S build -q -o out/dir c > /dev/null; find out -type f | sort; cat out/dir/greeting
$S build -q -o - c 2> /dev/null | tar -t
$S build -q -t oci:1 --output type=oci,dest=oci.tar c > /dev/null; tar -tf oci.tar | grep -c index.json
$S build -q -t docker:1 --output type=docker,dest=docker.tar c > /dev/null; tar -tf docker.tar | grep -c manifest.json
$S images -q | wc -l
$S load -q -i docker.tar; $S build -q -o type=image -t here c > /dev/null; $S images --format '{{.Repository}}' | sort)",
      0,
      "out/dir/deep/er/greeting\nout/dir/greeting\nhello\n"
      "deep/\ndeep/er/\ndeep/er/greeting\ngreeting\n1\n1\n1\nLoaded image: docker:1\nbox\ndocker\nhere\n");
}

TEST_CASE("a build is told as plain lines, as JSON, or by its image's ID alone", "[stage12][progress]") {
  NEEDS_ROOT();
  const Shell shell;
  // Catch reads the words of a macro, and stumbles over brackets in them.
  const std::string script = std::string{kBefore} + R"(
printf 'FROM box\nRUN printf "\\033[31mred\\033[2J\\n"\n' > c/Dockerfile
$S build c 2>&1 | grep -a '0[.][0-9]* ' | sed 's/ [0-9.]* / /'
$S build --progress rawjson --no-cache c 2>&1 > /dev/null | jq -r '.logs[]?.data' | base64 -d | od -c | head -1
$S build -q c 2>&1 | grep -cE '^sha256:[0-9a-f]{64}$'
$S build --progress tty c 2>&1 | tail -1)";
  CHECK_SCRIPT(shell, script, 0,
               "#2 red\\x1b[2J\n0000000 033   [   3   1   m   r   e   d 033   [   2   J  \\n\n1\n"
               "ERROR: failed to solve: --progress tty needs a terminal to draw on\n");
}

TEST_CASE("in a terminal the steps are drawn in place, and what failed stands below", "[stage12][progress]") {
  NEEDS_ROOT();
  const Shell shell;
  const Result result = run(shell, R"(
printf 'FROM box\nRUN echo one; sleep 1\nRUN echo two; exit 3\n' > c/Dockerfile
TERM=xterm NO_COLOR=1 script -qec "$(command -v $S) build c" /dev/null | tr -d '\r')");
  CAPTURE(result.output);
  CHECK(contains(result.output, "\x1b["));
  CHECK(contains(result.output, "=> => # one"));
  CHECK(contains(result.output, "[+] Building "));
  CHECK(contains(result.output, " => ERROR [3/3] RUN echo two; exit 3"));
  CHECK(contains(result.output, "   3 | >>> RUN echo two; exit 3\n"));
  CHECK_FALSE(contains(result.output, "\x1b[31m"));  // NO_COLOR
}

TEST_CASE("without root a step has its mounts, and a secret is on no disk", "[stage12][mounts][rootless]") {
  NEEDS_ROOT();
  const Shell shell;
  if (shell("setpriv --reuid 65534 --regid 65534 --clear-groups unshare --user true").code != 0) {
    WARN("skipped: needs user namespaces for users");
    return;
  }
  const std::string script =
      std::string{"chmod 755 .; cp $(command -v stage12) .; mkdir home; mv rootfs home/\n"} + R"sh(
echo -n s3cret-of-a-user > home/s; mkdir -p home/c/d; echo ctx > home/c/a; echo deep > home/c/d/e
cat > home/c/Dockerfile <<'END'
FROM box AS stage
RUN mkdir /o && echo of the stage > /o/f
FROM box
RUN --mount=type=cache,target=/c echo x >> /c/f; cat /c/f
RUN --mount=type=tmpfs,target=/t df /t | tail -1 | cut -d' ' -f1
RUN --mount=type=secret,id=s wc -c < /run/secrets/s; stat -c '%a %u' /run/secrets/s
RUN --mount=target=/in --mount=target=/e,source=d/e,rw cat /in/a /e; echo x 2> /dev/null > /in/a || echo refused
RUN --mount=target=/in,from=stage,source=/o,rw cat /in/f; echo new > /in/f; cat /in/f
RUN ls -d /in /c /t /run/secrets 2> /dev/null; echo end
END
chown -R 4242:4242 home; cd home
export HOME=$PWD S="setpriv --reuid 4242 --regid 4242 --clear-groups ../stage12" DOCKWRIGHT_ROOT=$PWD/store
tar -C rootfs -c . | $S import - box > /dev/null; before=$(ls /dev/shm | sort)
$S build --progress plain --secret id=s,src=s -t out c > log 2>&1 || cat log
sed -nE 's/^#[0-9]+ [0-9]+[.][0-9]+ //p' log
grep -rac s3cret store log /dev/shm | grep -v ':0$'; [ "$before" = "$(ls /dev/shm | sort)" ] && echo nothing left)sh";
  CHECK_SCRIPT(shell, script, 0,
               "x\ntmpfs\n16\n400 0\nctx\ndeep\nrefused\nof the stage\nnew\nend\nnothing left\n");
}
