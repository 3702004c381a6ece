// Archives of images: what comes in and goes out by `load` and `save`, and what must not come in.

#include "tests/stages/shell.hpp"

namespace {

/// A store with the image `demo:1` of two layers. A small image, for many are made of it.
constexpr const char* kDemo =
    "export DOCKWRIGHT_ROOT=$PWD/store SOURCE_DATE_EPOCH=1700000000 S=stage09\n"
    "[ -e store ] || { tar -C rootfs -c --sort=name --owner=0 --group=0 --mtime=@0 . | $S import - base > "
    "/dev/null\n"
    "$S run --upper up base sh -c 'echo hello > /note'; $S commit -c 'CMD [\"cat\", \"/note\"]' up demo:1 > "
    "/dev/null; }\n"
    "another() { rm -rf another; export DOCKWRIGHT_ROOT=$PWD/another; }\n"
    "nothing() { [ $($S images -q | wc -l) = 0 ] && $S system check > /dev/null && [ -z \"$(ls "
    "another/tmp)\" ] && echo "
    "nothing is stored; }\n"
    // oci NAME: takes the archive of demo:1 apart in oci/; pack puts it together again.
    "oci() { rm -rf oci; $S save --format oci-dir -o oci demo:1; }; pack() { tar -C ${1:-oci} -c .; }\n"
    "docker() { rm -rf docker; mkdir docker; $S save demo:1 | tar -x -C docker; }\n";

std::string demo(const std::string& script) { return kDemo + script; }

}  // namespace

TEST_CASE("every format and compression that is saved is loaded again, and is the same image",
          "[stage09][archives]") {
  NEEDS_ROOT();
  const Shell shell;
  for (const char* const format : {"docker-archive", "oci-archive", "oci-dir"})
    for (const char* const compression : {"none", "gzip", "zstd"}) {
      CAPTURE(format, compression);
      CHECK_SCRIPT(
          shell,
          demo(std::string{"id=$($S images -q demo:1); rm -rf out; $S save -o out --format "} + format +
               " --compress " + compression +
               " demo:1; another; $S load -i out; [ $($S images -q) = $id ] && echo same; $S run demo:1; $S "
               "system check > /dev/null && echo whole"),
          0, "Loaded image: demo:1\nsame\nhello\nwhole\n");
    }
}

TEST_CASE("what is saved twice is the same, byte for byte", "[stage09][archives]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               demo("for c in none gzip zstd; do $S save --compress $c -o 1 demo:1 base; sleep 0.5; $S save "
                    "--compress $c -o 2 "
                    "demo:1 base; cmp 1 2 && echo same; done\n"
                    "$S save base > piped; $S save -o named base; cmp piped named; gzip < piped > packed; "
                    "another; $S load < "
                    "packed"),
               0, "same\nsame\nsame\nLoaded image: base:latest\n");
}

TEST_CASE("several images share what they save, and keep all names that were asked for",
          "[stage09][archives]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               demo("$S tag demo:1 again:2; $S save demo:1 again:2 base > all; tar -tf all | grep -c "
                    "blobs/sha256/.; another; $S "
                    "load -i all | sort; $S images -q | sort -u | wc -l"),
               0, "6\nLoaded image: again:2\nLoaded image: base:latest\nLoaded image: demo:1\n2\n");
  CHECK_SCRIPT(shell,
               demo("$S save $($S images -q demo:1) > all; another; $S load -i all | cut -c 1-24; $S images "
                    "-q | wc -l"),
               0, "Loaded image ID: sha256:\n1\n");
}

TEST_CASE("an archive in Docker's old form is read, links and all", "[stage09][archives]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               demo("docker; cd docker; config=$(tar -xO -f <($S save demo:1) manifest.json | sed "
                    "'s/.*sha256.\\([0-9a-f]*\\)\",\"RepoT.*/\\1/')\n"
                    "layers=$(sed 's/.*Layers\":\\[//; s/[\"]//g; s/\\].*//' manifest.json); mkdir ../old; "
                    "cd ../old; n=0\n"
                    "for l in ${layers//,/ }; do n=$((n + 1)); mkdir $n; cp ../docker/$l $n/layer.tar; echo "
                    "1.0 > $n/VERSION; done\n"
                    "mkdir shared; mv 1/layer.tar shared/; ln -s ../shared/layer.tar 1/layer.tar\n"
                    "cp ../docker/blobs/sha256/$config $config.json\n"
                    "echo "
                    "'[{\"Config\":\"'$config.json'\",\"RepoTags\":[\"old:1\"],\"Layers\":[\"1/"
                    "layer.tar\",\"2/layer.tar\"]}]' > "
                    "manifest.json; echo '{\"old\":{\"1\":\"2\"}}' > repositories; cd ..\n"
                    "pack old > old.tar; another; $S load -i old.tar; $S run old:1; $S images -q --no-trunc "
                    "| grep -c $config"),
               0, "Loaded image: old:1\nhello\n1\n");
}

TEST_CASE("a flipped bit is found, wherever it is, and nothing is stored", "[stage09][archives][security]") {
  NEEDS_ROOT();
  const Shell shell;
  // Each file in turn is changed in its middle, and keeps its size.
  CHECK_SCRIPT(
      shell,
      demo("oci; flip() { size=$(stat -c %s $1); printf X | dd of=$1 bs=1 seek=$((size / 2)) conv=notrunc "
           "status=none; }\n"
           "for blob in oci/blobs/sha256/*; do cp $blob keep; flip $blob; pack > bad.tar; cp keep $blob; "
           "another\n"
           "$S load -i bad.tar 2>&1 | grep -c 'is damaged: it should have the digest'; nothing; done"),
      0, "1\nnothing is stored\n1\nnothing is stored\n1\nnothing is stored\n1\nnothing is stored\n");
  CHECK_SCRIPT(shell,
               demo("docker; for blob in docker/blobs/sha256/*; do grep -q ${blob##*/} docker/manifest.json "
                    "|| continue\n"
                    "cp $blob keep; printf X | dd of=$blob bs=1 seek=100 conv=notrunc status=none; rm -f "
                    "docker/oci-layout docker/index.json; "
                    "pack docker > bad.tar; "
                    "cp keep $blob; another; $S load -i bad.tar > /dev/null 2>&1; echo $?; done; nothing"),
               0, "125\n125\n125\nnothing is stored\n");
}

TEST_CASE("an archive whose names leave it reads no file of the machine", "[stage09][archives][security]") {
  NEEDS_ROOT();
  const Shell shell;
  const auto refused = [&](const std::string& change, const std::string& why) {
    CHECK_SCRIPT_SAYS(
        shell,
        demo("docker; rm -f docker/oci-layout; " + change +
             "; pack docker > bad.tar; another; $S load -i bad.tar; code=$?; nothing; exit $code"),
        125, why);
    CHECK_SCRIPT_SAYS(shell, demo("another; $S load -i bad.tar 2> /dev/null; nothing"), 0,
                      "nothing is stored");
  };
  const std::string config = "sed -i 's|\"Config\":\"[^\"]*\"|\"Config\":\"";
  const std::string layers = "sed -i 's|\"Layers\":\\[\"[^\"]*\"|\"Layers\":[\"";
  refused(config + "/etc/hostname\"|' docker/manifest.json", "names /etc/hostname, and does not hold it");
  refused(config + "../../../../etc/hostname\"|' docker/manifest.json", "does not hold it");
  refused(layers + "../../../../etc/passwd\"|' docker/manifest.json", "does not hold it");
  refused("ln -s /etc/passwd docker/x; " + layers + "x\"|' docker/manifest.json",
          "names x, and does not hold it");
  refused("ln -s x docker/x; " + layers + "x\"|' docker/manifest.json", "names x, and does not hold it");
  refused("mkfifo docker/x; " + layers + "x\"|' docker/manifest.json", "names x, and does not hold it");
  refused("echo '[]x' > docker/manifest.json", "manifest.json");
  refused("echo '{}' > docker/manifest.json", "manifest.json");
  refused("rm docker/manifest.json", "no archive of images: neither manifest.json");
  refused("sed -i 's|demo:1|Demo/:1|' docker/manifest.json", "Demo/:1");
}

TEST_CASE("names in an archive write nothing, whatever they say", "[stage09][archives][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      demo("mkdir -p victim; oci; tar -C oci -cf odd.tar --transform 's|^./index.json|./index.json|' .\n"
           "echo evil > evil; tar -rPf odd.tar --transform \"s|evil|$PWD/victim/absolute|\" evil; tar -rPf "
           "odd.tar "
           "--transform 's|evil|../../../../../../tmp/dockwright-evil|' evil\n"
           "another; $S load -i odd.tar; ls victim; ls /tmp/dockwright-evil 2> /dev/null; $S run demo:1"),
      0, "Loaded image: demo:1\nhello\n");
}

TEST_CASE("a directory's links do not lead out of it", "[stage09][archives][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell,
                    demo("oci; blob=$(ls -S oci/blobs/sha256/* | head -n 1); mv $blob outside; ln -s "
                         "$PWD/outside $blob; another; $S "
                         "load -i oci"),
                    125, "and does not hold it");
  CHECK_SCRIPT_SAYS(shell, demo("oci; rm oci/index.json; mkfifo oci/index.json; another; $S load -i oci"),
                    125, "oci/index.json is no file");
}

TEST_CASE("an archive that is larger than the limits stops at them, and names them",
          "[stage09][archives][security]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell, demo("oci; pack > ok.tar; another; $S load --archive-limit entries=3 -i ok.tar"),
                    125, "--archive-limit entries=");
  CHECK_SCRIPT_SAYS(shell, demo("another; $S load --archive-limit file_bytes=1k -i ok.tar"), 125,
                    "--archive-limit file");
  CHECK_SCRIPT_SAYS(shell, demo("another; $S load -i ok.tar; $S run --archive-limit entries=3 demo:1"), 125,
                    "--archive-limit entries=");
  CHECK_SCRIPT_SAYS(shell, demo("$S run demo:1"), 0, "hello");
}

TEST_CASE("a layer that is not what its image says is not run", "[stage09][archives][security]") {
  NEEDS_ROOT();
  const Shell shell;
  // The digests of the blobs are right; the diff ID in the config is not. Only unpacking can tell.
  CHECK_SCRIPT_SAYS(
      shell,
      demo("rm -rf oci; $S save --format oci-dir --compress gzip -o oci demo:1; cd oci/blobs/sha256\n"
           "field() { sed \"s/.*\\\"$2\\\":{[^}]*sha256:\\([0-9a-f]*\\).*/\\1/\" $1; }\n"
           "manifest=$(sed 's/.*manifests.*sha256:\\([0-9a-f]*\\).*/\\1/' ../../index.json); config=$(field "
           "$manifest config)\n"
           "sed 's/diff_ids\":\\[\"sha256:..../diff_ids\":[\"sha256:0000/' $config > c; new=$(sha256sum c | "
           "cut -d ' ' -f 1); mv c $new\n"
           "sed \"s/$config/$new/\" $manifest > m; newm=$(sha256sum m | cut -d ' ' -f 1); mv m $newm; cd "
           "../../..\n"
           "sed -i \"s/$manifest/$newm/\" oci/index.json; another; $S load -i oci > /dev/null; $S run "
           "demo:1; code=$?; ls "
           "another/layers another/tmp another/containers; exit $code"),
      125, "another/containers:\n\nanother/layers:\n\nanother/tmp:\n");
}

TEST_CASE("save does not write to a terminal, nor half a file", "[stage09][archives]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell, demo("script -qec \"$S save demo:1\" /dev/null < /dev/null"), 125,
                    "cowardly refusing to save to a terminal");
  CHECK_SCRIPT(shell,
               demo("echo old > out; $S save -o out absent 2> /dev/null; cat out; mkdir full; touch full/x; "
                    "$S save --format oci-dir -o full "
                    "demo:1 2>&1 | grep -c 'is not empty'; (ulimit -f 100; trap '' XFSZ; $S save -o out "
                    "demo:1 2> /dev/null); cat out; ls "
                    "| grep -c '^out'"),
               0, "old\n1\nold\n1\n");
  CHECK_SCRIPT_SAYS(shell, demo("$S save --format zip demo:1"), 125,
                    "--format zip: it is docker-archive, oci-archive or oci-dir");
  CHECK_SCRIPT_SAYS(shell, demo("$S save --compress xz demo:1 > out"), 125,
                    "--compress xz: it is gzip, zstd or none");
}
