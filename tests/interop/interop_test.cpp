// Other people's tools read what we write, and we read what they write: byte for byte the same digests, in
// both directions, over every format and compression. A tool that is not installed is skipped by its name.

#include "tests/stages/shell.hpp"

namespace {

/// A shell with a store of its own that holds `demo:1`: two layers, a command, a label. `$ID` is the image's
/// ID, `$MANIFEST` the digest of its manifest.
constexpr const char* kDemo =
    "set -e -o pipefail; export DOCKWRIGHT_ROOT=$PWD/store SOURCE_DATE_EPOCH=1700000000\n"
    "tar -C rootfs -c --sort=name --owner=0 --group=0 --mtime=@0 . | stage09 import - base > /dev/null\n"
    "stage09 run --upper change base sh -c 'echo hello > /note; rm -f /bin/yes; mkdir /data'\n"
    "stage09 commit --change 'CMD [\"cat\", \"/note\"]' --change 'LABEL room=1' change demo:1 > /dev/null\n"
    "ID=$(stage09 images -q --no-trunc demo:1)\n"
    "MANIFEST=$(stage09 images --digests --format '{{.Digest}}' demo:1)\n";

std::string with_demo(const std::string& script) { return kDemo + script; }

/// What a second store of ours says of the image that `stage09 load` has just read.
constexpr const char* kSame =
    "[ \"$(stage09 images -q --no-trunc demo:1)\" = \"$ID\" ] && echo same image\n"
    "stage09 run demo:1; stage09 system check > /dev/null && echo sound\n";
constexpr const char* kSameSaid = "same image\nhello\nsound\n";

/// Another store, for what comes back.
constexpr const char* kElsewhere = "export DOCKWRIGHT_ROOT=$PWD/elsewhere\n";

/// Podman and its like with everything in this directory.
constexpr const char* kPodman =
    "podman() { command podman --root $PWD/p --runroot $PWD/r --storage-driver vfs --tmpdir $PWD/t "
    "--log-level error \"$@\"; }\n"
    "buildah() { command buildah --root $PWD/p --runroot $PWD/r --storage-driver vfs --log-level error "
    "\"$@\"; }\n";

bool is_there(const std::string& program) { return Shell{}("command -v " + program).code == 0; }

/// The forms in which skopeo names what `save` wrote.
struct Format {
  const char* name;
  const char* theirs;  ///< What stands before the path …
  const char* tag;     ///< … and behind it.
};
constexpr Format kFormats[] = {{"docker-archive", "docker-archive:", ":demo:1"},
                               {"oci-archive", "oci-archive:", ":demo:1"},
                               {"oci-dir", "oci:", ":demo:1"}};

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
  CHECK_SCRIPT(
      shell,
      with_demo("skopeo inspect --format '{{.Digest}} {{.Labels.room}} {{.Architecture}}' "
                "oci:$DOCKWRIGHT_ROOT:demo:1 | sed \"s/$MANIFEST/ours/\"\n"
                "skopeo copy -q oci:$DOCKWRIGHT_ROOT:demo:1 dir:copied\n"
                "sha256sum copied/manifest.json | cut -d ' ' -f 1 | sed 's/^/sha256:/' | grep -xc $MANIFEST"),
      0, "ours 1 amd64\n1\n");
}

TEST_CASE("skopeo reads every format that we save, in every compression", "[interop][skopeo]") {
  NEEDS_PEER("skopeo");
  const Shell shell;
  for (const Format& format : kFormats)
    for (const std::string compression : {"none", "gzip", "zstd"}) {
      CAPTURE(format.name, compression);
      CHECK_SCRIPT(
          shell,
          with_demo(fmt::format(
              "rm -rf out copied; stage09 save -o out --format {} --compress {} demo:1\n"
              "skopeo copy -q {}out{} dir:copied && cat copied/${{ID#sha256:}} | sha256sum | cut -d ' ' -f 1 "
              "| sed \"s/^${{ID#sha256:}}$/the config/\"",
              format.name, compression, format.theirs, format.tag)),
          0, "the config\n");
    }
}

TEST_CASE("we read every format that skopeo writes", "[interop][skopeo]") {
  NEEDS_PEER("skopeo");
  const Shell shell;
  for (const Format& format : kFormats)
    for (const std::string compression :
         {"", "--dest-compress --dest-compress-format gzip", "--dest-compress --dest-compress-format zstd"}) {
      CAPTURE(format.name, compression);
      CHECK_SCRIPT(shell,
                   with_demo(fmt::format("rm -rf out elsewhere\n"
                                         "skopeo copy -q {} oci:$DOCKWRIGHT_ROOT:demo:1 {}$PWD/out{}\n{}"
                                         "stage09 load -i out\n",
                                         compression, format.theirs, format.tag, kElsewhere)) +
                       kSame,
                   0, std::string{"Loaded image: demo:1\n"} + kSameSaid);
    }
}

TEST_CASE("a digest comes back from skopeo as it went", "[interop][skopeo]") {
  NEEDS_PEER("skopeo");
  const Shell shell;
  for (const char* const format : {"oci-archive", "oci"}) {
    CAPTURE(format);
    CHECK_SCRIPT(
        shell,
        with_demo(fmt::format("rm -rf out elsewhere\n"
                              "skopeo copy -q oci:$DOCKWRIGHT_ROOT:demo:1 {}:out:demo:1\n{}"
                              "stage09 load -q -i out; stage09 images --digests --format '{{{{.Digest}}}}' "
                              "| sed \"s/$MANIFEST/the same/\"",
                              format, kElsewhere)),
        0, "Loaded image: demo:1\nthe same\n");
  }
}

TEST_CASE("we read Docker's kind of manifest", "[interop][skopeo]") {
  NEEDS_PEER("skopeo");
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      with_demo(fmt::format("skopeo copy -q --format v2s2 oci:$DOCKWRIGHT_ROOT:demo:1 dir:docker\n"
                            "grep -c docker.distribution.manifest.v2 docker/manifest.json\n"
                            "skopeo copy -q dir:docker docker-archive:out:demo:1\n{}stage09 load -i out\n",
                            kElsewhere)) +
          "stage09 run demo:1",
      0, "1\nLoaded image: demo:1\nhello\n");
}

// podman and buildah

TEST_CASE("podman loads and runs every archive that we save", "[interop][podman]") {
  NEEDS_PEER("podman");
  const Shell shell;
  for (const Format& format : kFormats)
    for (const std::string compression : {"none", "gzip", "zstd"}) {
      CAPTURE(format.name, compression);
      CHECK_SCRIPT(
          shell,
          kPodman + with_demo(fmt::format(
                        "rm -rf out p r t; stage09 save -o out --format {} --compress {} demo:1\n"
                        "podman load -q -i out > /dev/null; podman images -q --no-trunc | sort -u | "
                        "sed \"s/$ID/the same/\"\n"
                        "podman inspect --format '{{{{.Config.Cmd}}}} {{{{.Config.Labels.room}}}}' $ID",
                        format.name, compression)),
          0, "the same\n[cat /note] 1\n");
    }
}

TEST_CASE("we load every archive that podman saves", "[interop][podman]") {
  NEEDS_PEER("podman");
  const Shell shell;
  for (const std::string format :
       {"docker-archive", "oci-archive", "oci-dir --compress", "oci-dir", "docker-dir"}) {
    if (format == "docker-dir") continue;  // skopeo's own kind of directory, which nobody else reads
    CAPTURE(format);
    CHECK_SCRIPT(shell,
                 kPodman +
                     with_demo(fmt::format(
                         "rm -rf out p r t elsewhere; stage09 save demo:1 | podman load -q > /dev/null\n"
                         "podman tag $ID docker.io/library/demo:1; podman save -q --format {} -o out "
                         "docker.io/library/demo:1\n{}stage09 load -q -i out > /dev/null\n",
                         format, kElsewhere)) +
                     kSame,
                 0, kSameSaid);
  }
}

TEST_CASE("buildah begins with our image, and we run what it makes of it", "[interop][buildah]") {
  NEEDS_PEER("buildah");
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      kPodman +
          with_demo("rm -rf p r t; box=$(buildah from -q oci:$DOCKWRIGHT_ROOT:demo:1)\n"
                    "echo 'echo built by buildah' > script; buildah copy -q $box script /script > /dev/null\n"
                    "buildah config --cmd 'sh /script' --env ROOM=7 $box\n"
                    "buildah commit -q $box oci-archive:built.tar:built:2 > /dev/null\n"
                    "stage09 load -i built.tar; stage09 run built:2; stage09 run built:2 sh -c 'echo $ROOM; "
                    "cat /note; ls /bin/yes'"),
      1, "Loaded image: built:2\nbuilt by buildah\n7\nhello\nls: /bin/yes: No such file or directory\n");
}

// umoci

TEST_CASE("umoci unpacks our store to the very files that we run", "[interop][umoci]") {
  NEEDS_PEER("umoci");
  const Shell shell;
  const std::string list = "find . -printf '%p %y %m %U:%G %l\\n' | LC_ALL=C sort";
  CHECK_SCRIPT(
      shell,
      with_demo(fmt::format(
          "stage09 save --format oci-dir -o out demo:1\n"
          "umoci unpack --image out:demo:1 bundle > /dev/null 2>&1\n"
          "(cd bundle/rootfs; {0}) > theirs\n"
          "mkdir ours; stage09 run --upper nothing demo:1 true; stage09 export nothing | tar -x -C ours\n"
          "(cd ours; {0}) > mine; diff theirs mine && echo equal; [ -e bundle/rootfs/bin/yes ] || echo "
          "hidden",
          list)),
      0, "equal\nhidden\n");
}

TEST_CASE("we read an image that umoci has changed", "[interop][umoci]") {
  NEEDS_PEER("umoci");
  const Shell shell;
  CHECK_SCRIPT(shell,
               with_demo("stage09 save --format oci-dir -o out demo:1; echo from umoci > said\n"
                         "umoci insert --image out:demo:1 said /said > /dev/null 2>&1\n"
                         "umoci config --image out:demo:1 --tag more:3 --config.cmd cat --config.cmd /said > "
                         "/dev/null 2>&1\n"
                         "umoci gc --layout out > /dev/null 2>&1\n"
                         "stage09 load -i out | sort; stage09 run more:3"),
               0, "Loaded image: demo:1\nLoaded image: more:3\nfrom umoci\n");
}
