// FROM: an image that is here, one that a registry has, and one that nobody has.

#include "tests/stages/registry_shell.hpp"

namespace {

/// The context `c` with this base and one step.
std::string from(const std::string& base) {
  return "mkdir -p c; printf 'FROM " + base + "\\nRUN echo built > /x\\n' > c/Dockerfile; ";
}

}  // namespace

TEST_CASE("a base that is missing is fetched, once, and anew with --pull", "[stage11]") {
  NEEDS_ROOT();
  NEEDS_DEBIAN_REGISTRY();
  const RegistryShell shell;
  const DebianRegistry registry;
  shell.make_box(registry.address());
  const std::string name = registry.address() + "/box";
  REQUIRE(shell("stage11 push -q " + name).code == 0);
  REQUIRE(shell("stage11 rmi " + name + " && stage11 image prune -a -f").code == 0);
  CHECK_SCRIPT_SAYS(shell, from(name) + "stage11 build --pull=never c", 1, name + ":latest: not found");
  CHECK_FALSE(contains(registry.log(), "GET /v2/box/blobs/"));
  CHECK_SCRIPT_SAYS(shell, from(name) + "stage11 build -t made c && stage11 run made cat /x", 0, "built\n");
  const auto asked = [&] {
    const std::string log = registry.log();
    std::size_t count = 0;
    for (std::size_t at = 0; (at = log.find("/v2/box/manifests", at)) != std::string::npos; ++at) ++count;
    return count;
  };
  const std::size_t before = asked();
  CHECK(before > 0);
  REQUIRE(shell(from(name) + "stage11 build -t made c").code == 0);
  CHECK(asked() == before);
  REQUIRE(shell(from(name) + "stage11 build --pull -t made c").code == 0);
  CHECK(asked() > before);
}

TEST_CASE("a base that nobody has ends the build, and is named", "[stage11]") {
  NEEDS_ROOT();
  NEEDS_DEBIAN_REGISTRY();
  const RegistryShell shell;
  const DebianRegistry registry;
  shell.make_box(registry.address());
  const Result result = shell(from(registry.address() + "/nothing") + "stage11 build c; echo code $?");
  INFO(result.output);
  CHECK(contains(result.output, "ERROR: failed to solve: "));
  CHECK(contains(result.output, registry.address() + "/nothing"));
  CHECK(result.output.ends_with("code 1\n"));
}

TEST_CASE("a base for another platform is refused where one was asked for", "[stage11]") {
  NEEDS_ROOT();
  NEEDS_DEBIAN_REGISTRY();
  const RegistryShell shell;
  const DebianRegistry registry;
  shell.make_box(registry.address());
  const std::string name = registry.address() + "/box";
  CHECK_SCRIPT_SAYS(shell, from("--platform=linux/s390x " + name) + "stage11 build --pull=never c", 1,
                    "linux/s390x");
  CHECK_SCRIPT_SAYS(shell, from("--platform=$BUILDPLATFORM " + name) + "stage11 build -t made c", 0,
                    "naming to");
}
