// Images from outside: what is run, listed, named, removed. Each test has a store of its own.

#include <cstdlib>

#include "tests/stages/shell.hpp"

namespace {

/// A store with the image `box`, made of the root file system. Its time is fixed, and so is its ID.
constexpr const char* kBox =
    "export DOCKWRIGHT_ROOT=$PWD/store SOURCE_DATE_EPOCH=1700000000 S=stage09\n"
    "pack() { tar -C ${1:-rootfs} -c --sort=name --owner=0 --group=0 --mtime=@0 .; }\n"
    "[ -e store ] || pack | $S import - box > /dev/null\n";

/// What the stage calls itself: a later one may stand in for it (shell.cpp).
std::string stage() {
  const char* const stand_in = std::getenv("DOCKWRIGHT_STAND_IN");
  return stand_in == nullptr ? "stage09" : stand_in;
}

std::string box(const std::string& script) { return kBox + script; }

/// `box` with these lines of a Dockerfile, as `img`.
std::string with_changes(const std::string& changes, const std::string& script) {
  return box("pack | $S import " + changes + " - img > /dev/null; " + script);
}

}  // namespace

// run IMAGE

TEST_CASE("an archive becomes an image, and an image a container", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, box("$S run box echo hello; $S run box sh -c 'exit 7'"), 7, "hello\n");
  CHECK_SCRIPT(shell,
               box("id=$($S images -q box); $S run $id echo by ID; $S run ${id:0:4} echo by its beginning\n"
                   "$S run docker.io/library/box:latest echo by the whole name; $S run --rm box -- echo rm"),
               0, "by ID\nby its beginning\nby the whole name\nrm\n");
}

TEST_CASE("what a container of an image writes is gone with it, and the image stays", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      box("$S run box sh -c 'echo x > /new; rm /bin/arch; ls /new'; $S run box sh -c 'ls /new; [ -e "
          "/bin/arch "
          "] "
          "&& echo still there'\nls store/containers | wc -l; $S system check > /dev/null && echo whole"),
      0, "/new\nls: /new: No such file or directory\nstill there\n0\nwhole\n");
}

// The container dies a moment after its stage, and until then it is in use.
TEST_CASE("what a killed container leaves is swept by the next command", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      box("$S run box sleep 60 & stage=$!; until pgrep -P $(pgrep -P $stage || echo 1) -x sleep > "
          "/dev/null; do "
          "sleep 0.02; done\n"
          "kill -9 $stage; wait $stage 2> /dev/null; ls store/containers | wc -l\n"
          "for i in $(seq 100); do $S image prune -f > said; ls store/containers | grep -q . || break; sleep "
          "0.1; done; cat said; ls store/containers | wc -l"),
      0, "1\nTotal reclaimed space: 0B\n0\n");
}

TEST_CASE("ENTRYPOINT and CMD give way to the command line as with Docker", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  const std::string changes =
      "--change 'ENTRYPOINT [\"echo\", \"entry\"]' --change 'CMD [\"and\", \"command\"]'";
  CHECK_SCRIPT(shell, with_changes(changes, "$S run img; $S run img other words"), 0,
               "entry and command\nentry other words\n");
  CHECK_SCRIPT(shell,
               with_changes(changes, "$S run --entrypoint cat img /etc/hostname /absent 2>&1 | tail -n 1"), 0,
               "cat: can't open '/absent': No such file or directory\n");
  // A new entrypoint takes the image's CMD along.
  CHECK_SCRIPT(shell, with_changes(changes, "$S run --entrypoint echo img"), 0, "\n");
  CHECK_SCRIPT(shell, with_changes(changes, "$S run --entrypoint '' img echo alone"), 0, "alone\n");
  CHECK_SCRIPT_SAYS(shell, with_changes(changes, "$S run --entrypoint '' img"), 125, "no command specified");
  CHECK_SCRIPT(shell, with_changes("--change 'CMD echo the shell says $HOME'", "$S run img"), 0,
               "the shell says /root\n");
  CHECK_SCRIPT(shell, box("$S run --entrypoint echo --rootfs rootfs with words"), 0, "with words\n");
}

TEST_CASE("an image without a command says so in Docker's words", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell, box("$S run box"), 125, stage() + ": no command specified\n");
}

TEST_CASE("of an image that is not there the nearest one is named", "[stage09][of-stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell, box("$S run bax true"), 125,
                    "stage09: Unable to find image 'bax:latest' locally; did you mean box?");
}

TEST_CASE("an image that is not there is named", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell, box("$S inspect other"), 125, "No such image: other:latest\n");
  CHECK_SCRIPT_SAYS(shell, box("$S run BOX true"), 125, "Unable to find image 'BOX' locally");
  CHECK_SCRIPT_SAYS(shell, box("$S run '' true"), 125, "the image's name is an empty word");
}

TEST_CASE("variables come from us, from the image and from -e, and the last one wins", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               with_changes("--change 'ENV A=image B=\"two words\" TERM=dumb' --change 'ENV C 1 2'",
                            "$S run -e A=option -e D=new img sh -c 'echo $A, $B, $C, $D, $TERM, $HOME'"),
               0, "option, two words, 1 2, new, dumb, /root\n");
}

TEST_CASE("the directory that an image names is made, and -w has the last word", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      with_changes(
          "--change 'WORKDIR /srv/app' --change 'WORKDIR data'",
          "$S run img pwd; $S run --read-only img pwd; $S run -w /tmp/x img pwd; $S run -w /bin img pwd"),
      0, "/srv/app/data\n/srv/app/data\n/tmp/x\n/bin\n");
}

TEST_CASE("an image's user is looked up in the image, and -u has the last word", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               "echo 'app:x:77:78::/home/app:/bin/sh' >> rootfs/etc/passwd\n" +
                   with_changes("--change 'USER app'",
                                "$S run img sh -c 'id -u; id -g; echo $HOME'; $S run -u 5:6 img id -u; $S "
                                "run -u root img id -u"),
               0, "77\n78\n/home/app\n5\n0\n");
}

TEST_CASE("a declared volume begins with what the image has there, and is the container's own", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      "mkdir -p rootfs/data/sub; echo inside > rootfs/data/file; ln rootfs/data/file rootfs/data/same; ln -s "
      "/etc/passwd rootfs/data/link\n"
      "chmod 1777 rootfs/data; pack() { tar -C rootfs -c .; }; chown 5:6 rootfs/data/sub\n" +
          with_changes("--change 'VOLUME /data /more'",
                       "$S run img sh -c 'cat /data/same; stat -c %a:%h /data /data/file; stat -c %u:%g "
                       "/data/sub; readlink /data/link; grep -c \" /data \" /proc/self/mountinfo; grep -c \" "
                       "/more \" /proc/self/mountinfo; echo changed > /data/file'\n"
                       "$S run img cat /data/file; ls store/containers | wc -l"),
      0, "inside\n1777:3\n644:2\n0:0\n/etc/passwd\n1\n1\ninside\n0\n");
  CHECK_SCRIPT(shell,
               with_changes("--change 'VOLUME /data'",
                            "mkdir -p mine; $S run -v $PWD/mine:/data img touch /data/here; ls mine"),
               0, "here\n");
}

TEST_CASE("an image without any layer has a root that is empty", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell, box("mkdir -p empty; tar -C empty -c . | $S import - void; $S run void /bin/sh"),
                    127, "/bin/sh");
}

TEST_CASE("an image for another machine is refused when it was asked for, and else a remark is made",
          "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell,
                    box("pack | $S import --platform linux/riscv64 - other > /dev/null; $S run --platform "
                        "linux/arm64 other true"),
                    125, "its platform (linux/riscv64) does not match the specified platform (linux/arm64)");
  CHECK_SCRIPT_SAYS(
      shell, box("$S run other echo it runs"), 0,
      "WARNING: The requested image's platform (linux/riscv64) does not match the detected host platform");
  CHECK_SCRIPT_SAYS(shell, box("$S run --platform a/b/c/d other true"), 125, "a/b/c/d");
}

TEST_CASE("of an image for several machines the right one is run", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               box("pack | $S import --platform linux/riscv64 --change 'CMD echo other' - other > /dev/null\n"
                   "pack | $S import --change 'CMD echo this' - this > /dev/null\n"
                   "entry() { $S inspect --format "
                   "'{\"mediaType\":\"{{.Descriptor.mediaType}}\",\"digest\":\"{{.Descriptor.digest}}\","
                   "\"size\":{{.Descriptor.size}},\"platform\":{\"os\":\"{{.Os}}\",\"architecture\":\"{{."
                   "Architecture}}\"}}' $1; }\n"
                   "$S save --format oci-dir -o both this other\n"
                   "index='{\"schemaVersion\":2,\"mediaType\":\"application/"
                   "vnd.oci.image.index.v1+json\",\"manifests\":['\"$(entry "
                   "other),$(entry this)\"']}'\n"
                   "digest=$(printf %s \"$index\" | sha256sum | cut -d ' ' -f 1); printf %s \"$index\" > "
                   "both/blobs/sha256/$digest\n"
                   "printf "
                   "'{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"application/"
                   "vnd.oci.image.index.v1+json\",\"digest\":"
                   "\"sha256:%s\",\"size\":%d,\"annotations\":{\"org.opencontainers.image.ref.name\":\"multi:"
                   "1\"}}]}' $digest "
                   "${#index} > both/index.json\n"
                   "export DOCKWRIGHT_ROOT=$PWD/second; $S load -i both; $S run multi:1; $S run --platform "
                   "linux/riscv64 multi:1 2>&1 "
                   "| tail -n 1; $S inspect --format '{{.Architecture}}' --platform linux/riscv64 multi:1\n"
                   "$S run --platform linux/s390x multi:1 2>&1 | head -n 1 | grep -o 's390x'"),
               0, "Loaded image: multi:1\nthis\nother\nriscv64\ns390x\n");
}

// commit, export, import

TEST_CASE("what a container changed becomes a layer, and the layer says what was done", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      box("$S run --upper up box sh -c 'echo hi > /note; rm /bin/arch'\n"
          "$S commit -a me -m why --change 'CMD [\"cat\", \"/note\"]' --change 'LABEL a=1 b=\"2 3\"' up "
          "new:2 > one; $S commit "
          "-a me -m why --change 'CMD [\"cat\", \"/note\"]' --change 'LABEL a=1 b=\"2 3\"' up new:3 > two\n"
          "cmp one two && echo same digest; $S run new:2; $S run new:2 sh -c '[ -e /bin/arch ] || echo "
          "removed'\n"
          "$S history --format '{{.CreatedBy}}|{{.Comment}}' --no-trunc new:2\n"
          "$S inspect --format '{{json .Config.Labels}} {{.Author}} {{len .RootFS.Layers}}' new:2"),
      0,
      "same digest\nhi\nremoved\ncommit CMD [\"cat\", \"/note\"] LABEL a=1 b=\"2 3\"|why\n|Imported from -\n"
      "{\"a\":\"1\",\"b\":\"2 3\"} me 2\n");
  CHECK_SCRIPT_SAYS(shell, box("mkdir -p other; $S commit other x:1"), 125,
                    "other does not hold what a container of an image changed");
  CHECK_SCRIPT_SAYS(shell, box("$S run --upper up new:2 true"), 125,
                    "up holds the changes of a container of another image");
}

TEST_CASE("changes are not committed while a container makes them", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               box("$S run --upper up box sh -c 'touch /ready; sleep 60' & stage=$!; until [ -e "
                   "up/diff/ready ]; do sleep "
                   "0.02; done\n"
                   "$S commit up x:1; kill $stage; wait $stage"),
               143, stage() + ": a container is writing into up: let it end first\n");
}

TEST_CASE("an export holds the whole file system, and becomes an image again", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               box("$S run --upper up box sh -c 'echo hi > /note; rm /bin/arch'; $S export -o all.tar up\n"
                   "tar -tf all.tar | grep -cxE 'note|bin/busybox|bin/arch|.*\\.wh\\..*'\n"
                   "$S import all.tar flat > /dev/null; $S run flat cat /note; $S inspect --format '{{len "
                   ".RootFS.Layers}}' flat"),
               0, "2\nhi\n1\n");
}

TEST_CASE("an archive that is imported twice gives one image, on any day", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               box("unset SOURCE_DATE_EPOCH; pack > a.tar; $S import a.tar one > 1; sleep 1.1; cat a.tar | "
                   "$S import - two > "
                   "2; cmp 1 2 && echo one image\n"
                   "$S images --format '{{.CreatedAt}}' one; SOURCE_DATE_EPOCH=86400 $S import a.tar three > "
                   "/dev/null; $S "
                   "images --format '{{.CreatedAt}}' three"),
               0, "one image\n1970-01-01 00:00:00 +0000 UTC\n1970-01-02 00:00:00 +0000 UTC\n");
  CHECK_SCRIPT(shell, box("gzip -n < a.tar > a.gz; $S import a.gz zip > /dev/null; $S run zip echo unpacked"),
               0, "unpacked\n");
  CHECK_SCRIPT_SAYS(shell, box("SOURCE_DATE_EPOCH=soon $S import a.tar x"), 125,
                    "SOURCE_DATE_EPOCH=soon: seconds since 1970 are expected");
}

TEST_CASE("what is no archive becomes no image, and leaves nothing", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      box("echo hello | $S import - x 2> /dev/null; pack | head -c 100000 | $S import - x 2> /dev/null; $S "
          "import "
          "absent x 2> /dev/null\n"
          "pack | $S import --change 'FROM x' - x 2> /dev/null; pack | $S import - 'Bad Name' 2> /dev/null\n"
          "$S images -q | wc -l; $S system check | sed 's/[0-9.]*MB/SIZE/'; ls store/tmp"),
      0, "1\n1 image, 3 blobs (SIZE), 0 layers unpacked, 0 containers: all is well\n");
}

TEST_CASE("a line that changes a config is checked", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  const auto refused = [&](const std::string& line, const std::string& why) {
    CHECK_SCRIPT_SAYS(shell, box("pack | $S import --change '" + line + "' - x"), 125, why);
  };
  refused("FROM x",
          "one of CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME, WORKDIR is expected");
  refused("CMD", "CMD of what?");
  refused("ENV =x", "NAME=VALUE is expected");
  refused("ENV A=\"x", "a quote has no end");
  refused("EXPOSE 70000", "a port is a number from 1 to 65535");
  refused("EXPOSE 80/http", "a port is for tcp, udp or sctp");
  refused("VOLUME data", "a volume is an absolute path");
  CHECK_SCRIPT(shell,
               with_changes("-c 'EXPOSE 80 53/udp 90-91' -c 'STOPSIGNAL SIGQUIT' -c 'expose 80/tcp'",
                            "$S inspect --format '{{json .Config.ExposedPorts}} {{.Config.StopSignal}}' img"),
               0, "{\"53/udp\":{},\"80/tcp\":{},\"90/tcp\":{},\"91/tcp\":{}} SIGQUIT\n");
}

// Names

TEST_CASE("a name is given and taken, and with its last name an image goes", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               box("$S tag box other:2; id=$($S images -q --no-trunc box); $S rmi other:2\n"
                   "$S run box true; $S rmi box | sed \"s/$id/the image/; s/sha256:[0-9a-f]*/the layer/\"\n"
                   "$S images -q; ls store/blobs/sha256 store/layers | grep -c ."),
               0, "Untagged: other:2\nUntagged: box:latest\nDeleted: the image\nDeleted: the layer\n2\n");
}

TEST_CASE("an image with several names is not removed by its ID unless forced", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell, box("$S tag box other:2; $S rmi $($S images -q box)"), 125,
                    "(must be forced) - image is referenced in multiple repositories: box:latest, other:2");
  CHECK_SCRIPT(shell, box("$S rmi -f $($S images -q box) | sed 's/sha256:.*/ID/'; $S images -q"), 0,
               "Untagged: box:latest\nUntagged: other:2\nDeleted: ID\nDeleted: ID\n");
  CHECK_SCRIPT(shell, box("$S rmi -f absent"), 0, "");
  CHECK_SCRIPT_SAYS(shell, box("$S rmi absent"), 125, "No such image: absent:latest");
}

TEST_CASE("an image on which a container runs is not removed", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               box("mkdir x; $S run -v $PWD/x:/x box sh -c 'touch /ready; until [ -e /x/end ]; do sleep "
                   "0.05; done; cat /etc/passwd "
                   "> /dev/null && echo "
                   "still whole' & stage=$!\n"
                   "until up=$(ls -d store/containers/*/upper/diff/ready 2> /dev/null); do sleep 0.02; done; "
                   "id=$($S images -q box)\n"
                   "$S rmi box 2>&1 | sed \"s/$id/ID/; s/container [0-9a-f]*/container C/\"\n"
                   "$S rmi -f $id 2>&1 | sed \"s/$id/ID/; s/container [0-9a-f]*/container C/\"\n"
                   "$S rmi -f box; $S image prune -af > /dev/null; touch x/end; wait $stage"),
               0,
               stage() +
                   ": conflict: unable to remove repository reference \"box\" (must force) - container C "
                   "is using its referenced "
                   "image ID\n" +
                   stage() +
                   ": conflict: unable to delete ID (cannot be forced) - image is being used by running "
                   "container C\n"
                   "Untagged: box:latest\nstill whole\n");
}

TEST_CASE("image prune asks first, and removes what has no name", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               box("pack | $S import -c 'CMD x' - box > old; pack | $S import -c 'CMD y' - box > /dev/null\n"
                   "$S images --format '{{.Repository}}:{{.Tag}}' | sort; $S images -q --filter "
                   "dangling=true | wc -l\n"
                   "echo n | $S image prune | tail -n 1; echo; $S images -q | wc -l\n"
                   "$S image prune -f | head -n 2 | sed \"s/$(cat old)/ID/; s/sha256:.*/another/\"; $S "
                   "images -q | wc -l\n"
                   "$S image prune -a -f | tail -n 1 | grep -c MB; $S images -q | wc -l"),
               0,
               "<none>:<none>\n<none>:<none>\nbox:latest\n2\nAre you sure you want to continue? [y/N] "
               "\n3\nDeleted Images:\n"
               "deleted: another\n1\n1\n0\n");
}

// Lists

TEST_CASE("images are listed as Docker lists them", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               box("$S tag box host:5000/team/box:1; $S images | sed \"s/$($S images -q box)/IDIDIDIDIDID/; "
                   "s/[0-9.]*MB/SIZE/\""),
               0,
               "REPOSITORY           TAG       IMAGE ID       CREATED                  SIZE\n"
               "box                  latest    IDIDIDIDIDID   Less than a second ago   SIZE\n"
               "host:5000/team/box   1         IDIDIDIDIDID   Less than a second ago   SIZE\n");
  CHECK_SCRIPT(shell,
               box("$S images --format '{{.Repository}}\\t{{lower .Tag}}' box; $S image ls -q --no-trunc box "
                   "| cut -c 1-7"),
               0, "box\tlatest\nsha256:\n");
  CHECK_SCRIPT(shell, box("$S images --format 'table {{.Tag}}\\t{{.Size}}' box | sed 's/[0-9.]*MB/SIZE/'"), 0,
               "TAG       SIZE\nlatest    SIZE\n");
  CHECK_SCRIPT_SAYS(shell, box("$S images --format json box"), 0, "\"Repository\":\"box\"");
  CHECK_SCRIPT_SAYS(shell, box("$S images --digests"), 0, "DIGEST");
  CHECK_SCRIPT_SAYS(shell, box("$S images --format '{{.Nme}}'"), 125,
                    "there is no field Nme; there are .Containers");
  CHECK_SCRIPT_SAYS(shell, box("$S images --format '{{.ID'"), 125, "`{{` without its `}}`");
}

TEST_CASE("filters choose among images", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      box("pack | SOURCE_DATE_EPOCH=1600000000 $S import -c 'LABEL kind=old' - team/old:1 > /dev/null\n"
          "f() { $S images --format '{{.Repository}}' \"$@\" | tr '\\n' ' '; echo; }\n"
          "f --filter reference='team/*'; f 'team/*:1'; f --filter label=kind; f --filter label=kind=new; f "
          "--filter "
          "before=box; f --filter since=team/old:1; f --filter dangling=true; f box; f nothing"),
      0, "team/old \nteam/old \nteam/old \n\nteam/old \nbox \n\nbox \n\n");
  CHECK_SCRIPT_SAYS(shell, box("$S images --filter colour=blue"), 125,
                    "--filter 'colour=blue': dangling=true|false");
}

TEST_CASE("the tree shows what images share", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      box("for i in 1 2; do $S run --upper up$i box sh -c \"echo $i > /note\"; $S commit up$i n:$i > "
          "/dev/null; done\n"
          "LC_ALL=C.UTF-8 COLUMNS=70 $S image tree | sed 's/[0-9a-f]\\{12\\}/LAYERLAYERLA/; s/ *$//; s/ "
          "*[0-9.]*[kM]B/ SIZE/g'\n"
          "LC_ALL=C COLUMNS=50 $S image tree n:1 | sed 's/[0-9a-f]\\{12\\}/LAYERLAYERLA/; s/ *$//; s/ "
          "*[0-9.]*[kM]B/ SIZE/g'"),
      0,
      "LAYER               SIZE\n"
      "LAYERLAYERLA SIZE  █████████████████████  box:latest\n"
      "├─ LAYERLAYERLA SIZE  ▏                      n:1\n"
      "└─ LAYERLAYERLA SIZE  ▏                      n:2\n"
      "3 images of 3 layers: SIZE ( SIZE if nothing were shared)\n"
      "LAYER               SIZE\n"
      "LAYERLAYERLA SIZE  ###########  Imported f.\n"
      "`- LAYERLAYERLA SIZE  #            n:1\n1 image of 2 layers: SIZE\n");
}

TEST_CASE("the option --explain tells of the image's layers", "[stage09]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell, box("$S run --explain box true 2>&1 | grep 'mount -t overlay'"), 0,
                    "/store/layers/");
}
