// Other people's tools read what we write, and we read what they write: byte for byte the same digests, in
// both directions, over every format and compression. A tool that is not installed is skipped by its name.

#include "tests/stages/shell.hpp"

namespace {

/// A shell with a store of its own that holds `demo:1`: two layers, a command, a label. `$ID` is the image's
/// ID, `$MANIFEST` the digest of its manifest.
constexpr const char* kDemo =
    "set -e -o pipefail; export DOCKWRIGHT_ROOT=$PWD/store SOURCE_DATE_EPOCH=1700000000\n"
    "tar -C rootfs -c --sort=name --owner=0 --group=0 --mtime=@0 . | stage09 import - base > /dev/null\n"
    "rm -rf change; stage09 run --upper change base sh -c 'echo hello > /note; rm -f /bin/yes; mkdir /data'\n"
    "stage09 commit --change 'CMD [\"cat\", \"/note\"]' --change 'LABEL room=1' change demo:1 > /dev/null\n"
    "ID=$(stage09 images -q --no-trunc demo:1)\n"
    "MANIFEST=$(stage09 images --digests --format '{{.Digest}}' demo:1)\n";

/// From here on another store is ours, for what comes back …
constexpr const char* kElsewhere = "export DOCKWRIGHT_ROOT=$PWD/elsewhere\n";
/// … and what it says of the image that `load` has read.
constexpr const char* kSame =
    "[ \"$(stage09 images -q --no-trunc demo:1)\" = \"$ID\" ] && echo same image\n"
    "stage09 run demo:1; stage09 system check > /dev/null && echo sound\n";
constexpr const char* kSameSaid = "same image\nhello\nsound\n";

/// Podman and its like with everything in this directory.
constexpr const char* kPodman =
    "P=\"--root $PWD/p --runroot $PWD/r --storage-driver vfs --log-level error\"\n"
    "podman() { command podman $P --tmpdir $PWD/t \"$@\"; }; buildah() { command buildah $P \"$@\"; }\n";

bool is_there(const std::string& program) { return Shell{}("command -v " + program).code == 0; }

/// How skopeo writes what `save` calls by another name.
struct Format {
  const char* ours;
  const char* theirs;
};
constexpr Format kFormats[] = {
    {"docker-archive", "docker-archive"}, {"oci-archive", "oci-archive"}, {"oci-dir", "oci"}};

/// What a loop over formats says to the script.
std::string variables(const Format& format, const std::string& compression) {
  return std::string{"OURS="} + format.ours + " THEIRS=" + format.theirs + " PACKED='" + compression + "'\n";
}

}  // namespace

#define NEEDS_PEER(program)                 \
  do {                                      \
    NEEDS_ROOT();                           \
    if (!is_there(program)) {               \
      WARN("skipped: needs " << (program)); \
      return;                               \
    }                                       \
  } while (false)

// skopeo

TEST_CASE("skopeo reads our store in place", "[interop][skopeo]") {
  NEEDS_PEER("skopeo");
  const Shell shell;
  CHECK_SCRIPT(shell,
               std::string{kDemo} +
                   "skopeo inspect --format '{{.Digest}} {{.Labels.room}} {{.Architecture}}' "
                   "oci:$DOCKWRIGHT_ROOT:demo:1 | sed \"s/$MANIFEST/ours/\"\n"
                   "skopeo copy -q oci:$DOCKWRIGHT_ROOT:demo:1 dir:copied\n"
                   "echo \"${MANIFEST#sha256:}  copied/manifest.json\" | sha256sum -c",
               0, "ours 1 amd64\ncopied/manifest.json: OK\n");
}

TEST_CASE("skopeo reads every format that we save, in every compression", "[interop][skopeo]") {
  NEEDS_PEER("skopeo");
  const Shell shell;
  for (const Format& format : kFormats)
    for (const char* const compression : {"none", "gzip", "zstd"}) {
      CAPTURE(format.ours, compression);
      CHECK_SCRIPT(shell,
                   variables(format, compression) + kDemo +
                       "rm -rf out copied; stage09 save -o out --format $OURS --compress $PACKED demo:1\n"
                       "skopeo copy -q $THEIRS:out:demo:1 dir:copied\n"
                       "echo \"${ID#sha256:}  copied/${ID#sha256:}\" | sha256sum -c | sed 's/.*: //'",
                   0, "OK\n");
    }
}

TEST_CASE("we read every format that skopeo writes, in every compression", "[interop][skopeo]") {
  NEEDS_PEER("skopeo");
  const Shell shell;
  for (const Format& format : kFormats)
    for (const char* const compression : {"", "--dest-compress-format gzip", "--dest-compress-format zstd"}) {
      CAPTURE(format.theirs, compression);
      CHECK_SCRIPT(shell,
                   variables(format, compression) + kDemo +
                       "rm -rf out elsewhere; skopeo copy -q $PACKED oci:$DOCKWRIGHT_ROOT:demo:1 "
                       "$THEIRS:out:demo:1\n" +
                       kElsewhere + "stage09 load -i out\n" + kSame,
                   0, std::string{"Loaded image: demo:1\n"} + kSameSaid);
    }
}

TEST_CASE("a digest comes back from skopeo as it went", "[interop][skopeo]") {
  NEEDS_PEER("skopeo");
  const Shell shell;
  for (const Format& format : {kFormats[1], kFormats[2]}) {
    CAPTURE(format.theirs);
    CHECK_SCRIPT(
        shell,
        variables(format, "") + kDemo +
            "rm -rf out elsewhere; stage09 save -o there --format $OURS demo:1\n"
            "skopeo copy -q --preserve-digests $THEIRS:there:demo:1 $THEIRS:out:demo:1; rm -rf there\n" +
            kElsewhere +
            "stage09 load -q -i out; stage09 images --digests --format '{{.Digest}}' | sed "
            "\"s/$MANIFEST/the same/\"",
        0, "Loaded image: demo:1\nthe same\n");
  }
}

TEST_CASE("we read Docker's kind of manifest", "[interop][skopeo]") {
  NEEDS_PEER("skopeo");
  const Shell shell;
  CHECK_SCRIPT(shell,
               std::string{kDemo} +
                   "skopeo copy -q --format v2s2 oci:$DOCKWRIGHT_ROOT:demo:1 dir:docker\n"
                   "grep -c distribution.manifest.v2 docker/manifest.json\n"
                   "skopeo copy -q dir:docker docker-archive:out:demo:1\n" +
                   kElsewhere + "stage09 load -i out; stage09 run demo:1",
               0, "1\nLoaded image: demo:1\nhello\n");
}

// podman and buildah

TEST_CASE("podman loads every archive that we save", "[interop][podman]") {
  NEEDS_PEER("podman");
  const Shell shell;
  for (const Format& format : kFormats)
    for (const char* const compression : {"none", "gzip", "zstd"}) {
      CAPTURE(format.ours, compression);
      CHECK_SCRIPT(shell,
                   variables(format, compression) + kPodman + kDemo +
                       "rm -rf out p r t; stage09 save -o out --format $OURS --compress $PACKED demo:1\n"
                       "podman load -q -i out > /dev/null\n"
                       "podman images -q --no-trunc | sort -u | sed \"s/$ID/the same/\"\n"
                       "podman inspect --format '{{.Config.Cmd}} {{.Config.Labels.room}}' $ID",
                   0, "the same\n[cat /note] 1\n");
    }
}

TEST_CASE("we load every archive that podman saves", "[interop][podman]") {
  NEEDS_PEER("podman");
  const Shell shell;
  for (const char* const format : {"docker-archive", "oci-archive", "oci-dir"}) {
    CAPTURE(format);
    CHECK_SCRIPT(shell,
                 std::string{"FORMAT="} + format + "\n" + kPodman + kDemo +
                     "rm -rf out p r t elsewhere; stage09 save demo:1 | podman load -q > /dev/null\n"
                     "podman tag $ID docker.io/library/demo:1\n"
                     "podman save -q --format $FORMAT -o out docker.io/library/demo:1 > /dev/null\n" +
                     kElsewhere + "stage09 load -q -i out > /dev/null\n" + kSame,
                 0, kSameSaid);
  }
}

TEST_CASE("buildah begins with our image, and we run what it makes of it", "[interop][buildah]") {
  NEEDS_PEER("buildah");
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      std::string{kPodman} + kDemo +
          "stage09 save --format oci-archive -o in.tar demo:1; box=$(buildah from -q oci-archive:in.tar)\n"
          "echo 'echo built by buildah' > script\n"
          "buildah copy -q $box script /script > /dev/null\n"
          "buildah config --cmd 'sh /script' --env ROOM=7 $box\n"
          "buildah commit -q $box oci-archive:built.tar:built:2 > /dev/null\n"
          "stage09 load -i built.tar; stage09 run built:2\n"
          "stage09 run built:2 sh -c 'echo $ROOM; cat /note; [ -e /bin/yes ] || echo hidden'",
      0, "Loaded image: built:2\nbuilt by buildah\n7\nhello\nhidden\n");
}

// umoci

TEST_CASE("umoci unpacks our image to the very files that we run", "[interop][umoci]") {
  NEEDS_PEER("umoci");
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      std::string{kDemo} +
          "list() { (cd $1; find . -mindepth 1 -printf '%p %y %m %U:%G %l %T@\\n' | LC_ALL=C sort); }\n"
          "stage09 save --format oci-dir -o out demo:1\n"
          "umoci unpack --image out:demo:1 bundle > /dev/null 2>&1\n"
          "stage09 run --upper nothing demo:1 true; mkdir ours; stage09 export nothing | tar -x -C ours\n"
          "diff <(list bundle/rootfs) <(list ours) && echo equal\n"
          "[ -e ours/bin/yes ] || echo hidden; cat ours/note",
      0, "equal\nhidden\nhello\n");
}

TEST_CASE("we read an image that umoci has changed", "[interop][umoci]") {
  NEEDS_PEER("umoci");
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      std::string{kDemo} +
          "stage09 save --format oci-dir -o out demo:1\n"
          "umoci unpack --image out:demo:1 bundle > /dev/null 2>&1\n"
          "echo from umoci > bundle/rootfs/said; rm bundle/rootfs/note\n"
          "umoci repack --image out:demo:1 bundle > /dev/null 2>&1\n"
          "umoci config --image out:demo:1 --tag more:3 --config.cmd cat --config.cmd /said > /dev/null "
          "2>&1\n"
          "umoci gc --layout out > /dev/null 2>&1\n"
          "stage09 load -i out | sort; stage09 run more:3; stage09 run more:3 ls /note",
      1,
      "Loaded image: demo:1\nLoaded image: more:3\nfrom umoci\n"
      "ls: /note: No such file or directory\n");
}
