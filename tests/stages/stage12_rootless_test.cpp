// Stages and the cache without root.

#include "tests/stages/shell.hpp"

namespace {

/// Somebody with the number 1234, as in stage11_rootless_test.cpp, in a directory with an image `box`.
std::string as_user(const std::string& script) {
  return "chmod 755 .; cp $(which stage12) $(which registry-client) .; mkdir home; mv rootfs home/\n"
         "tar -C home/rootfs -cf home/files.tar .; mkdir home/c; chown -R 1234:1234 home\n"
         "cp -a /etc etc; printf '\\nreader:x:1234:1234::/home/reader:/bin/sh\\n' >> etc/passwd\n"
         "echo 'reader:300000:65536' | tee etc/subuid > etc/subgid; mount --bind etc /etc; cd home\n"
         "S=\"setpriv --reuid 1234 --regid 1234 --clear-groups env HOME=$PWD ../stage12\"; unset "
         "DOCKWRIGHT_ROOT\n"
         "own=.local/share/dockwright; $S import files.tar box > /dev/null\n" +
         script;
}

bool lacks(const std::string& script, const char* what) {
  if (Shell{}(script).code == 0) return false;
  WARN("skipped: needs " << what);
  return true;
}

constexpr const char* kTry = "setpriv --reuid 65534 --regid 65534 --clear-groups unshare --user true";

}  // namespace

TEST_CASE("without root stages are built, cached, copied from, squashed and cleared away",
          "[stage12][rootless]") {
  NEEDS_ROOT();
  if (lacks(kTry, "user namespaces for users") || lacks("command -v newuidmap newgidmap", "uidmap")) return;
  const Shell shell;
  const Result result = shell(as_user(R"(
echo a > c/a; cat > c/Dockerfile <<'END'
FROM box AS one
COPY --chown=3:4 a /a
RUN --mount=type=cache,target=/m echo x > /m/x; echo 1 > /1; chown 7:8 /1; rm /etc/passwd
FROM box
COPY --from=one /1 /a /
RUN --mount=from=one,target=/one cat /one/1 > /2; rm /bin/arch
END
build() { $S build --progress plain -t img "$@" c > log 2>&1 || cat log; grep -c CACHED log; }
build; build; $S run img sh -c 'stat -c "%n %u:%g" /1 /a; cat /2'
build --squash; $S run img sh -c 'stat -c "%n %u:%g" /1 /a; cat /2; ls /bin/arch'
$S system check | tail -1; $S rmi img box > /dev/null; $S builder prune -af > /dev/null; $S image prune -af > /dev/null
ls $own/layers $own/cache $own/containers $own/tmp $own/mounts)"));
  CAPTURE(result.output);
  CHECK(
      contains(result.output, "0\n4\n/1 7:8\n/a 3:4\n1\n4\n/1 7:8\n/a 3:4\n1\nls: /bin/arch: No such file"));
  CHECK(contains(result.output, "all is well"));
  CHECK(contains(result.output, "cache:\n\n"));
  CHECK(contains(result.output, "layers:\n\n"));
}
