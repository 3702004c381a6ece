// Stage 10 and an honest registry: Debian's.

#include "tests/stages/registry_shell.hpp"

TEST_CASE("an image goes to a registry and comes back the same", "[stage10]") {
  NEEDS_ROOT();
  NEEDS_DEBIAN_REGISTRY();
  const RegistryShell shell;
  const DebianRegistry registry;
  shell.make_box(registry.address());
  const std::string name = registry.address() + "/box";
  const Result pushed = shell("stage10 push " + name);
  INFO(pushed.output);
  CHECK(pushed.code == 0);
  CHECK(contains(pushed.output, "The push refers to repository [" + name + "]\n"));
  CHECK(contains(pushed.output, ": Pushed\n"));
  CHECK(contains(pushed.output, "\nlatest: digest: sha256:"));
  const Result pulled = shell("export DOCKWRIGHT_ROOT=$PWD/elsewhere; stage10 pull " + name);
  INFO(pulled.output);
  CHECK(pulled.code == 0);
  CHECK(pulled.output.starts_with("latest: Pulling from " + name + "\n"));
  CHECK(contains(pulled.output, ": Pulling fs layer\n"));
  CHECK(contains(pulled.output, ": Pull complete\nDigest: sha256:"));
  CHECK(pulled.output.ends_with("\nStatus: Downloaded newer image for " + name + ":latest\n" + name +
                                ":latest\n"));
  CHECK_SCRIPT(shell, "diff -r store/blobs elsewhere/blobs && echo same", 0, "same\n");
  CHECK_SCRIPT(shell, "stage10 --root elsewhere run " + name + " echo hello", 0, "hello\n");
  CHECK_SCRIPT_SAYS(shell, "stage10 --root elsewhere system check", 0, "all is well");
}

TEST_CASE("what is there already is not fetched or sent again", "[stage10]") {
  NEEDS_ROOT();
  NEEDS_DEBIAN_REGISTRY();
  const RegistryShell shell;
  const DebianRegistry registry;
  shell.make_box(registry.address());
  const std::string name = registry.address() + "/box";
  REQUIRE(shell("stage10 push -q " + name).code == 0);
  CHECK_SCRIPT_SAYS(shell, "stage10 push " + name, 0, ": Layer already exists\n");
  CHECK_SCRIPT_SAYS(shell, "stage10 pull " + name, 0, ": Extracting\n");  // it was never run
  const Result again = shell("stage10 pull " + name);
  CHECK(contains(again.output, "Status: Image is up to date for " + name + ":latest"));
  CHECK_FALSE(contains(again.output, "Pulling fs layer"));
  CHECK_FALSE(contains(registry.log(), "GET /v2/box/blobs/"));
  SECTION("another repository has it mounted") {
    const std::string other = registry.address() + "/other/box";
    CHECK_SCRIPT_SAYS(shell, fmt::format("stage10 tag {0} {1} && stage10 push {1}", name, other), 0,
                      ": Mounted from box\n");
    CHECK_SCRIPT(shell, "stage10 --root elsewhere run " + other + " echo hello 2> /dev/null", 0, "hello\n");
  }
  SECTION("layers that are unpacked, but not there as blobs, are fetched only") {
    CHECK_SCRIPT_SAYS(shell,
                      fmt::format("rm store/blobs/sha256/*; stage10 pull {}; stage10 system check", name), 0,
                      "all is well");
  }
}

TEST_CASE("an image that is missing is fetched when it is run", "[stage10]") {
  NEEDS_ROOT();
  NEEDS_DEBIAN_REGISTRY();
  const RegistryShell shell;
  const DebianRegistry registry;
  shell.make_box(registry.address());
  const std::string name = registry.address() + "/box";
  REQUIRE(shell("stage10 push -q " + name).code == 0);
  REQUIRE(shell("stage10 rmi " + name + " && stage10 image prune -a -f").code == 0);
  SECTION("standard output is the container's") {
    CHECK_SCRIPT(shell, fmt::format("stage10 run {} sh -c 'echo hello; exit 7' 2> errors", name), 7,
                 "hello\n");
    CHECK_SCRIPT_SAYS(
        shell, "cat errors", 0,
        fmt::format("Unable to find image '{0}:latest' locally\nlatest: Pulling from {0}\n", name));
    CHECK_SCRIPT(shell, fmt::format("stage10 run {} echo again", name), 0, "again\n");
  }
  SECTION("but not against the user's will") {
    const Result never = shell("stage10 run --pull never " + name + " true");
    CHECK(never.code == 125);
    CHECK(contains(never.output, "Unable to find image"));
    CHECK_FALSE(contains(registry.log(), "GET /v2/box/manifests"));
  }
  SECTION("and always, if the user wants it") {
    REQUIRE(shell("stage10 pull -q " + name).code == 0);
    CHECK_SCRIPT_SAYS(shell, "stage10 run --pull always " + name + " true", 0, "Image is up to date");
  }
  SECTION("and an error if there is none") {
    const Result none = shell("stage10 run " + registry.address() + "/none true");
    CHECK(none.code == 125);
    CHECK(contains(none.output, "manifest unknown"));
  }
  CHECK_SCRIPT_SAYS(shell, "stage10 run --pull sometimes " + name + " true", 125,
                    "missing, always or never is expected");
}

TEST_CASE("all tags are pulled and pushed, and a digest is pulled as one", "[stage10]") {
  NEEDS_ROOT();
  NEEDS_DEBIAN_REGISTRY();
  const RegistryShell shell;
  const DebianRegistry registry;
  shell.make_box(registry.address());
  const std::string name = registry.address() + "/box";
  REQUIRE(shell(fmt::format("stage10 tag {0} {0}:1 && stage10 tag {0} {0}:2", name)).code == 0);
  CHECK_SCRIPT(shell, fmt::format("stage10 push -a -q {0} | sort", name), 0,
               fmt::format("{0}:1\n{0}:2\n{0}:latest\n", name));
  CHECK_SCRIPT(shell, fmt::format("stage10 --root elsewhere pull -a -q {0} | sort", name), 0,
               fmt::format("{0}:1\n{0}:2\n{0}:latest\n", name));
  CHECK_SCRIPT_SAYS(shell, fmt::format("stage10 pull -a {}:1", name), 125,
                    "with --all-tags the name has no tag");
  const Result digest =
      shell(fmt::format("set -- $(stage10 push {0} | grep digest:); stage10 --root third pull -q {0}@$3 && "
                        "stage10 --root third run {0}@$3 echo by digest; stage10 push {0}@$3",
                        name));
  CHECK(contains(digest.output, name + "@sha256:"));
  CHECK(contains(digest.output, "by digest\n"));
  CHECK(contains(digest.output, "an image is pushed under a tag"));
}

TEST_CASE("a registry with TLS and a password lets in who has both", "[stage10][security]") {
  NEEDS_ROOT();
  NEEDS_DEBIAN_REGISTRY();
  const RegistryShell shell;
  const DebianRegistry registry{{.tls = true, .user = "ada", .password = "opensesame"}};
  shell.make_box(registry.address());
  const std::string& host = registry.address();
  const std::string certificates = " --cert-dir " + registry.ca().parent_path().native() + " ";
  CHECK_SCRIPT_SAYS(shell, "stage10 push " + host + "/box", 125,
                    "certificate is not signed by an authority that this machine knows");
  CHECK_SCRIPT_SAYS(shell, "stage10 push" + certificates + host + "/box", 125, "401 Unauthorized");
  CHECK_SCRIPT_SAYS(shell, "echo wrong | stage10 login -u ada --password-stdin" + certificates + host, 125,
                    "does not take this name and password");
  CHECK_SCRIPT(shell, "ls docker", 0, "");
  const std::string in = "echo opensesame | stage10 login -u ada --password-stdin" + certificates + host;
  CHECK_SCRIPT_SAYS(shell, in, 0, "Login Succeeded\n");
  CHECK_SCRIPT(shell, "stat -c %a docker/config.json", 0, "600\n");
  CHECK_SCRIPT_SAYS(shell, "stage10 push -q" + certificates + host + "/box", 0, host + "/box:latest\n");
  CHECK_SCRIPT_SAYS(shell, "stage10 --root elsewhere pull -q" + certificates + host + "/box", 0,
                    host + "/box:latest\n");
  const Result explained = shell("stage10 --root fourth pull --explain" + certificates + host + "/box");
  INFO(explained.output);
  CHECK(contains(explained.output, "Authorization: Basic $TOKEN"));
  CHECK_FALSE(contains(explained.output, "YWRhO"));
  CHECK_FALSE(contains(explained.output, "opensesame"));
  SECTION("certificates are found where Docker has them") {
    CHECK_SCRIPT(shell,
                 fmt::format("mkdir -p config/docker/certs.d/{0}; cp {1} config/docker/certs.d/{0}; "
                             "XDG_CONFIG_HOME=$PWD/config stage10 --root third pull -q {0}/box",
                             host, registry.ca().native()),
                 0, host + "/box:latest\n");
  }
  SECTION("or are not looked at, if the user says so") {
    CHECK_SCRIPT(shell, "stage10 --root third pull -q --tls-verify=false " + host + "/box", 0,
                 host + "/box:latest\n");
  }
  SECTION("and who has logged out stays outside") {
    CHECK_SCRIPT(shell, "stage10 logout " + host, 0, "Removing login credentials for " + host + "\n");
    CHECK_SCRIPT(shell, "stage10 logout " + host, 0, "Not logged in to " + host + "\n");
    CHECK_SCRIPT_SAYS(shell, "stage10 --root third pull" + certificates + host + "/box", 125,
                      "cure:  log in");
  }
}

TEST_CASE("a password is asked for at a terminal, and not shown", "[stage10]") {
  NEEDS_ROOT();
  NEEDS_DEBIAN_REGISTRY();
  const RegistryShell shell;
  const DebianRegistry registry{{.user = "ada", .password = "opensesame"}};
  const Result asked = shell(fmt::format(
      "(sleep 1; echo ada; sleep 1; echo opensesame; sleep 1) | script -qec 'stage10 login {}' /dev/null",
      registry.address()));
  INFO(asked.output);
  CHECK(contains(asked.output, "Username: "));
  CHECK(contains(asked.output, "Password: "));
  CHECK(contains(asked.output, "Login Succeeded"));
  CHECK_FALSE(contains(asked.output, "opensesame"));
  CHECK_SCRIPT_SAYS(shell, "stage10 login " + registry.address(), 125, "there is no terminal to ask at");
}

TEST_CASE("a large layer is sent in chunks", "[stage10]") {
  NEEDS_ROOT();
  NEEDS_DEBIAN_REGISTRY();
  const RegistryShell shell;
  const DebianRegistry registry;
  const std::string name = registry.address() + "/large";
  REQUIRE(
      shell("mkdir d && head -c 70000000 /dev/urandom > d/large && tar -C d -c . | stage10 import - " + name)
          .code == 0);
  CHECK_SCRIPT(shell, "stage10 push -q " + name, 0, name + ":latest\n");
  std::size_t chunks = 0;
  const std::string log = registry.log();
  for (std::size_t at = log.find("\"PATCH /v2/large/blobs/uploads/"); at != std::string::npos;
       at = log.find("\"PATCH /v2/large/blobs/uploads/", at + 1))
    ++chunks;
  CHECK(chunks == 2);  // and the rest ends it
  CHECK_SCRIPT(
      shell, fmt::format("stage10 --root elsewhere pull -q {} && diff -r store/blobs elsewhere/blobs", name),
      0, name + ":latest\n");
}

TEST_CASE("two pulls of one image at once both end well", "[stage10]") {
  NEEDS_ROOT();
  NEEDS_DEBIAN_REGISTRY();
  const RegistryShell shell;
  const DebianRegistry registry;
  shell.make_box(registry.address());
  const std::string name = registry.address() + "/box";
  CHECK_SCRIPT(shell,
               fmt::format("stage10 push -q {0} && rm -rf store && "
                           "for i in 1 2 3 4; do stage10 pull -q {0} & pids=\"$pids $!\"; done; "
                           "for pid in $pids; do wait $pid || echo failed; done; "
                           "stage10 system check > said; grep -c 'all is well' said; ls store/tmp",
                           name),
               0, fmt::format("{0}:latest\n{0}:latest\n{0}:latest\n{0}:latest\n{0}:latest\n1\n", name));
}

TEST_CASE("of an index a machine takes its own image, and keeps the index", "[stage10]") {
  NEEDS_ROOT();
  NEEDS_DEBIAN_REGISTRY();
  const RegistryShell shell;
  const DebianRegistry registry;
  const std::string name = registry.address() + "/many";
  // Two images, one of them said to be for another machine, and an index over both.
  shell.make_box(registry.address());
  REQUIRE(
      shell(fmt::format(
                "stage10 push -q {0}/box && stage10 tag {0}/box {1}:amd64 && stage10 push -q {1}:amd64 && "
                "touch rootfs/arm && "
                "tar -C rootfs -c . | stage10 import --platform linux/arm64 - {1}:arm64 && "
                "stage10 push -q {1}:arm64 && rm -rf store",
                registry.address(), name))
          .code == 0);
  const std::string index = R"sh(
describe() {
  skopeo inspect --raw --tls-verify=false docker://$1 > raw
  printf '{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%s,"platform":{"os":"linux","architecture":"%s"}}' \
    "$(sha256sum < raw | cut -d' ' -f1)" "$(stat -c %s raw)" "$2"
}
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[%s,%s]}' \
  "$(describe NAME:arm64 arm64)" "$(describe NAME:amd64 amd64)" > index
curl -sSf -X PUT -H 'Content-Type: application/vnd.oci.image.index.v1+json' --data-binary @index http://REGISTRY/v2/many/manifests/latest
)sh";
  std::string script = index;
  script.replace(script.find("REGISTRY"), 8, registry.address());
  while (script.find("NAME") != std::string::npos) script.replace(script.find("NAME"), 4, name);
  CHECK_SCRIPT(shell, script, 0, "");
  CHECK_SCRIPT_SAYS(shell, "stage10 pull " + name, 0, "Downloaded newer image");
  CHECK_SCRIPT(shell, fmt::format("stage10 run {} ls /arm 2> /dev/null", name), 1, "");
  CHECK_SCRIPT(shell, "cmp index store/blobs/sha256/$(sha256sum < index | cut -d' ' -f1)", 0, "");
  CHECK_SCRIPT_SAYS(shell, "stage10 system check", 0, "all is well");
  CHECK_SCRIPT_SAYS(shell, fmt::format("stage10 manifest inspect -v {}", name), 0,
                    "\"architecture\": \"arm64\"");
  SECTION("another machine's is to be had by name") {
    CHECK_SCRIPT_SAYS(
        shell, fmt::format("stage10 --root arm pull --platform linux/arm64 {} && ls arm/layers/*/fs", name),
        0, "\narm\n");
    CHECK_SCRIPT_SAYS(shell, "stage10 pull --platform linux/s390x " + name, 125, "linux/arm64");
  }
  SECTION("half an index is pushed as the image that is here") {
    const Result pushed =
        shell(fmt::format("stage10 tag {0} {1} && stage10 push {1}", name, registry.address() + "/half"));
    INFO(pushed.output);
    CHECK(pushed.code == 0);
    CHECK(contains(pushed.output, "of what the index lists: its manifest is pushed"));
  }
  SECTION("a whole one as it is") {
    const Result pushed =
        shell(fmt::format("stage10 pull -q --platform linux/arm64 {0} && stage10 tag {0} {1} && "
                          "stage10 push {1} && sha256sum index",
                          name, registry.address() + "/whole"));
    INFO(pushed.output);
    CHECK(pushed.code == 0);
    const std::size_t digest = pushed.output.find("digest: sha256:");
    REQUIRE(digest != std::string::npos);
    CHECK(contains(pushed.output, "\n" + pushed.output.substr(digest + 15, 64) + "  index\n"));
  }
}

TEST_CASE("others read what we push, and we what they do, byte for byte", "[stage10]") {
  NEEDS_ROOT();
  NEEDS_DEBIAN_REGISTRY();
  const RegistryShell shell;
  const DebianRegistry registry;
  shell.make_box(registry.address());
  const std::string& host = registry.address();
  if (shell("command -v skopeo").code != 0) {
    WARN("skipped: needs skopeo");
    return;
  }
  REQUIRE(shell(fmt::format("stage10 push -q {}/box", host)).code == 0);
  const char* const form =
      GENERATE("--format oci", "--format v2s2", "--format oci --dest-compress-format zstd",
               "--dest-compress-format gzip");
  DYNAMIC_SECTION(form) {
    const Result there = shell(fmt::format(
        "skopeo copy -q {1} --src-tls-verify=false --dest-tls-verify=false docker://{0}/box "
        "docker://{0}/theirs && "
        "skopeo inspect --raw --tls-verify=false docker://{0}/theirs | sha256sum | cut -c1-64 > wanted && "
        "stage10 --root new pull {0}/theirs | sed -n 's/^Digest: sha256://p' | cmp - wanted && "
        "stage10 --root new run {0}/theirs echo hello && stage10 --root new system check > /dev/null && "
        "stage10 --root new tag {0}/theirs {0}/back && stage10 --root new push -q {0}/back && "
        "skopeo inspect --raw --tls-verify=false docker://{0}/back | sha256sum | cut -c1-64 | cmp - wanted "
        "&& "
        "skopeo copy -q --preserve-digests --src-tls-verify=false docker://{0}/back oci:layout && echo read",
        host, form));
    INFO(there.output);
    CHECK(there.output == fmt::format("hello\n{}/back:latest\nread\n", host));
  }
}

TEST_CASE("without root an image is pulled and run, too", "[stage10]") {
  NEEDS_ROOT();
  NEEDS_DEBIAN_REGISTRY();
  const RegistryShell shell;
  if (shell("setpriv --reuid 65534 --regid 65534 --clear-groups unshare --user true").code != 0) {
    WARN("skipped: needs user namespaces for everybody");
    return;
  }
  const DebianRegistry registry;
  shell.make_box(registry.address());
  const Result user =
      shell(fmt::format("stage10 push -q {0}/box && chmod 755 . && mkdir home && chown 65534:65534 home && "
                        "cp $(which stage10) $(which registry-client) . && cd home && "
                        "setpriv --reuid 65534 --regid 65534 --clear-groups env DOCKWRIGHT_ROOT=$PWD/store "
                        "DOCKER_CONFIG=$PWD/docker "
                        "../stage10 run {0}/box sh -c 'echo hello; id -u' 2> errors; tail -n 1 errors; "
                        "setpriv --reuid 65534 --regid 65534 --clear-groups env DOCKWRIGHT_ROOT=$PWD/store "
                        "../stage10 system check",
                        registry.address()));
  INFO(user.output);
  CHECK(contains(user.output, "hello\n0\n"));
  CHECK(contains(user.output, "all is well"));
}

TEST_CASE("a disk that is full is told of, and nothing half-made stays", "[stage10]") {
  NEEDS_ROOT();
  const RegistryShell shell;
  make_layout(shell.layout(), 2, 3'000'000);
  const LyingRegistry registry{shell.layout()};
  CHECK_SCRIPT_SAYS(shell,
                    fmt::format("mkdir store && mount -t tmpfs -o size=4m none store && stage10 pull {}/x; "
                                "echo code $?; stage10 system check; ls store/tmp",
                                registry.address()),
                    0, "No space left on device\n");
  CHECK_SCRIPT_SAYS(shell,
                    fmt::format("mount -t tmpfs -o size=4m none store; stage10 pull {}/x 2> /dev/null; "
                                "echo code $?; stage10 system check; ls store/tmp",
                                registry.address()),
                    0, "code 125\n0 images");
}

TEST_CASE("mirrors are asked before Docker Hub, one after the other", "[stage10]") {
  NEEDS_ROOT();
  NEEDS_DEBIAN_REGISTRY();
  const RegistryShell shell;
  const DebianRegistry registry;
  shell.make_box(registry.address());
  const std::string& host = registry.address();
  REQUIRE(shell(fmt::format(
                    "stage10 tag {0}/box {0}/library/box && stage10 push -q {0}/library/box && rm -rf store",
                    host))
              .code == 0);
  shell.write("registries.json",
              fmt::format(R"({{"registry-mirrors": ["http://127.0.0.1:1", "http://{}"]}})", host));
  const Result pulled = shell("stage10 pull box");
  INFO(pulled.output);
  CHECK(pulled.code == 0);
  CHECK(contains(pulled.output, "The mirror http://127.0.0.1:1 has not helped"));
  CHECK(pulled.output.ends_with(
      "Status: Downloaded newer image for box:latest\ndocker.io/library/box:latest\n"));
  CHECK_SCRIPT(shell, "stage10 run box echo hello", 0, "hello\n");
  CHECK_SCRIPT(shell, fmt::format("stage10 --root third pull -q --mirror http://{} box", host), 0,
               "docker.io/library/box:latest\n");
}

TEST_CASE("a registry is looked into without pulling", "[stage10]") {
  NEEDS_ROOT();
  NEEDS_DEBIAN_REGISTRY();
  const RegistryShell shell;
  const DebianRegistry registry;
  shell.make_box(registry.address());
  const std::string name = registry.address() + "/box";
  REQUIRE(shell("stage10 push -q " + name).code == 0);
  CHECK_SCRIPT_SAYS(shell, "stage10 manifest inspect " + name, 0,
                    "\"mediaType\": \"application/vnd.oci.image.manifest.v1+json\"");
  CHECK_SCRIPT_SAYS(shell, "stage10 manifest inspect -v " + name, 0, "\"Ref\": \"" + name + ":latest\"");
  CHECK_SCRIPT_SAYS(shell, "stage10 manifest inspect " + name + ":none", 125, "manifest unknown");
  const Result found = shell("stage10 search " + registry.address() + "/bo");
  CHECK(found.code == 0);
  CHECK(contains(found.output, "offers no search; these are the repositories"));
  CHECK(contains(found.output, name));
  CHECK_SCRIPT(shell, "stage10 search --format '{{.Name}}' " + registry.address() + "/zzz 2> /dev/null", 0,
               "");
}

TEST_CASE("what cannot be is said, and what to do", "[stage10]") {
  NEEDS_ROOT();
  const RegistryShell shell;
  CHECK_SCRIPT_SAYS(shell, "stage10 pull 127.0.0.1:1/x", 125, "Failed to connect to 127.0.0.1 port 1");
  CHECK_SCRIPT_SAYS(shell, "stage10 pull", 125, "pull is followed by the name of an image");
  CHECK_SCRIPT_SAYS(shell, "stage10 pull UPPER", 125, "invalid");
  CHECK_SCRIPT_SAYS(shell, "stage10 pull file:///etc/passwd", 125, "invalid image name");
  CHECK_SCRIPT_SAYS(shell, "stage10 pull --platform nonsense/ x", 125, "platform");
  CHECK_SCRIPT_SAYS(shell, "stage10 pull --tls-verify=maybe x", 125, "true or false is expected");
  CHECK_SCRIPT_SAYS(shell, "stage10 push nobody/nothing", 125, "No such image");
  CHECK_SCRIPT_SAYS(shell, "stage10 pull --mirror http://plain.example x", 125,
                    "neither TLS nor this machine");
  CHECK_SCRIPT_SAYS(shell, "stage10 pull --help", 0, "Usage: stage10 pull");
  CHECK_SCRIPT_SAYS(shell, "stage09 pull x", 125, "pull arrives in chapter 10");
  shell.write("docker/config.json", R"({"auths": {"x": {"auth": "opensesame"}}})");
  const Result broken = shell("stage10 pull 127.0.0.1:1/x");
  CHECK(contains(broken.output, "config.json: /auths/x: auth is not the base64 of NAME:PASSWORD"));
  CHECK_FALSE(contains(broken.output, "opensesame"));
}

TEST_CASE("a stage that was moved without registry-client says so", "[stage10]") {
  NEEDS_ROOT();
  const RegistryShell shell;
  CHECK_SCRIPT_SAYS(shell, "mkdir moved && cp $(which stage10) moved && moved/stage10 pull x", 125,
                    "registry-client is not there, which speaks to registries for us");
  CHECK_SCRIPT_SAYS(shell, "moved/stage10 run x true", 125, "registry-client is not there");
  CHECK_SCRIPT(shell, "moved/stage10 run --rootfs rootfs echo hello", 0, "hello\n");
}

TEST_CASE("a running container costs no library of the network", "[stage10]") {
  NEEDS_ROOT();
  NEEDS_PLAIN_BUILD();
  const RegistryShell shell;
  CHECK_SCRIPT(shell,
               "(ldd $(which stage10) || true) 2>&1 | grep -cE 'not a dynamic executable|statically linked'",
               0, "1\n");
}

TEST_CASE("on a terminal each layer has a bar", "[stage10]") {
  NEEDS_ROOT();
  const RegistryShell shell;
  make_layout(shell.layout(), 2, 3'000'000);
  const LyingRegistry registry{shell.layout()};
  const Result pulled = shell(fmt::format(
      "TERM=xterm script -qec 'stty cols 120 rows 30; stage10 pull {}/x' /dev/null", registry.address()));
  INFO(pulled.output);
  CHECK(pulled.code == 0);
  CHECK(contains(pulled.output, "\033["));
  CHECK(contains(pulled.output, ": Pull complete\r\n"));
}
