// The tests' servers, tested: a lie that nobody tells proves nothing. The clients here are curl and skopeo,
// so that no mistake of ours can hide another one.

#include <fmt/format.h>

#include "tests/registry/registries.hpp"
#include "tests/stages/shell.hpp"
#include "tests/unit/catch.hpp"

namespace {

/// A layout, a shell, and the digest of a layer.
struct Fixture {
  Shell shell{};
  std::filesystem::path layout = shell.directory() / "layout";
  std::string layer = make_layout(layout).layers.front();
  /// What curl prints for a blob's or a manifest's address.
  [[nodiscard]] Result curl(const std::string& options, const std::string& address,
                            const std::string& path) const {
    return shell(fmt::format("curl -sS --max-time 5 {} http://{}{}", options, address, path));
  }
  [[nodiscard]] std::string blob() const { return "/v2/x/blobs/" + layer; }
};

constexpr const char* kManifest = "/v2/x/manifests/latest";

}  // namespace

TEST_CASE("a registry that is told no lie is an honest one", "[registry]") {
  const Fixture fixture;
  const LyingRegistry registry{fixture.layout};
  const std::string script = fmt::format(
      "skopeo copy -q --preserve-digests --src-tls-verify=false docker://{0}/a/b:latest oci:copy:latest && "
      "diff -r layout/blobs copy/blobs && "
      "skopeo copy -q --preserve-digests --dest-tls-verify=false oci:copy:latest docker://{0}/new/place:tag "
      "&& "
      "skopeo inspect --tls-verify=false docker://{0}/new/place:tag > /dev/null",
      registry.address());
  CHECK_SCRIPT(fixture.shell, script, 0, "");
  CHECK(registry.count("registry GET /v2/a/b/manifests/latest") == 1);
  CHECK(registry.count("other ") == 0);
}

TEST_CASE("a registry with a token server lets in who has a token", "[registry]") {
  const Fixture fixture;
  const LyingRegistry registry{fixture.layout,
                               {"--access", "bearer", "--user", "ada", "--password", "secret"}};
  CHECK_SCRIPT_SAYS(fixture.shell, fmt::format("curl -si http://{}/v2/", registry.address()), 0,
                    fmt::format("Bearer realm=\"http://{}/token\"", registry.address()));
  CHECK_SCRIPT(
      fixture.shell,
      fmt::format(
          "skopeo copy -q --preserve-digests --src-tls-verify=false docker://{}/x:latest oci:copy:latest",
          registry.address()),
      0, "");
  const std::string push = fmt::format(
      "skopeo copy -q --dest-tls-verify=false {{}} oci:copy:latest docker://{}/x:new", registry.address());
  CHECK(fixture.shell(fmt::format(fmt::runtime(push), "")).code != 0);
  CHECK(fixture.shell(fmt::format(fmt::runtime(push), "--dest-creds ada:wrong")).code != 0);
  CHECK_SCRIPT(fixture.shell, fmt::format(fmt::runtime(push), "--dest-creds ada:secret"), 0, "");
}

TEST_CASE("lies about bytes are told", "[registry]") {
  const Fixture fixture;
  const auto size_with = [&](const char* lie, const std::string& options = "") {
    const LyingRegistry registry{fixture.layout, {"--lie", lie}};
    return fixture.curl("-o got " + options + " -w '%{http_code} %{size_download} %{exitcode}' ",
                        registry.address(),
                        fixture.blob() + "; cmp -s got layout/blobs/sha256/" + fixture.layer.substr(7) +
                            " && echo ' same' || echo ' other'");
  };
  CHECK(contains(size_with("wrong-digest").output, "200 101888 0 other"));
  CHECK(contains(size_with("longer").output, "200 101889 0 other"));
  CHECK(contains(size_with("shorter").output, "200 101887 0 other"));
  CHECK(contains(size_with("truncated").output, "200 50944 18 other"));
  CHECK(contains(size_with("truncated-once", "--retry 1 --retry-all-errors").output, "200 101888 0 same"));
  CHECK(contains(size_with("slow", "--max-time 1").output, "28 other"));
  CHECK(contains(size_with("stalls", "--max-time 1").output, "200 50944 28 other"));
  CHECK(contains(size_with("endless", "--max-time 1").output, "28 other"));
  CHECK(contains(size_with("500s").output, "500"));
  CHECK(contains(size_with("hangs-up").output, "18 other"));
}

TEST_CASE("a broken blob goes on where it broke, or lies about it", "[registry]") {
  const Fixture fixture;
  const auto second_with = [&](const char* lie) {
    const LyingRegistry registry{fixture.layout, {"--lie", lie}};
    (void)fixture.curl("-o first", registry.address(), fixture.blob());
    return fixture
        .curl("-o second -r 50944- -w '%{http_code} %{size_download}'", registry.address(),
              fixture.blob() + "; tail -c 50944 layout/blobs/sha256/" + fixture.layer.substr(7) +
                  " | cmp -s - second && echo ' same' || echo ' other'")
        .output;
  };
  CHECK(contains(second_with("truncated-once"), "206 50944 same"));
  CHECK(contains(second_with("truncated-no-range"), "200 101888 other"));
  CHECK(contains(second_with("wrong-range"), "206 50944 other"));
}

TEST_CASE("lies about documents are told", "[registry]") {
  const Fixture fixture;
  const auto said = [&](const char* lie) {
    const LyingRegistry registry{fixture.layout, {"--lie", lie}};
    return fixture.curl("-i", registry.address(), std::string{kManifest} + " | head -c 3000 | tr -d '\\0'")
        .output;
  };
  CHECK(contains(said("wrong-media-type"), "Content-Type: application/vnd.oci.image.index.v1+json"));
  CHECK(contains(said("no-media-type"), "Content-Type: text/plain"));
  CHECK(contains(said("ambiguous-manifest"), "\"manifests\":[]"));
  CHECK(contains(said("huge-length"), "1000000000000000000"));
  CHECK(contains(said("wrong-length"), "\"size\":101889"));
  CHECK(contains(said("evil-digest"), "sha256:../"));
  CHECK(contains(said("huge-manifest"), "Content-Length: 6710"));
  CHECK(contains(said("deep-manifest"), "[[[[[["));
  const std::string header = said("huge-header");  // more than it takes: 27, and 56 since curl 8
  CHECK((contains(header, "curl: (27)") || contains(header, "curl: (56) Too large")));
  CHECK(contains(said("html"), "hotel"));
  CHECK(contains(said("not-a-registry"), "404"));
  CHECK_FALSE(contains(said("no-digest-header"), "Docker-Content-Digest"));
}

TEST_CASE("an index leads to an index, and its digests are right", "[registry]") {
  const Fixture fixture;
  const LyingRegistry registry{fixture.layout, {"--lie", "index-loop"}};
  const std::string script = fmt::format(
      "next=latest; for i in 1 2 3; do curl -s http://{}/v2/x/manifests/$next -o doc; "
      "[ $next = latest ] || [ $next = sha256:$(sha256sum doc | cut -c1-64) ] || echo wrong; "
      "next=$(grep -o 'sha256:[0-9a-f]*' doc); done; echo ${{#next}}",
      registry.address());
  CHECK_SCRIPT(fixture.shell, script, 0, "71\n");
}

TEST_CASE("a way that leads elsewhere leads there, and the second host notes who comes", "[registry]") {
  const Fixture fixture;
  const auto location = [&](const char* lie) {
    const LyingRegistry registry{fixture.layout, {"--lie", lie}};
    return fixture.curl("-i", registry.address(), fixture.blob()).output;
  };
  CHECK(contains(location("redirect-to-file"), "Location: file:///etc/passwd"));
  CHECK(contains(location("redirect-to-link-local"), "Location: http://169.254.169.254/"));
  CHECK(contains(location("endless-redirect"), "Location: /redirect/0"));
  const LyingRegistry registry{fixture.layout, {"--lie", "redirect-to-other-host"}};
  CHECK_SCRIPT(
      fixture.shell,
      fmt::format(
          "curl -sL --location-trusted -u ada:secret -o got http://{}{} && sha256sum got | cut -c1-64",
          registry.address(), fixture.blob()),
      0, fixture.layer.substr(7) + '\n');
  CHECK(
      contains(registry.seen(), "other GET " + fixture.blob() + " | authorization: Basic YWRhOnNlY3JldA=="));
  const LyingRegistry phishing{fixture.layout, {"--lie", "bearer-realm-phishing"}};
  CHECK(contains(fixture.curl("-i", phishing.address(), kManifest).output,
                 "Bearer realm=\"http://" + phishing.other_address() + "/token\""));
}

TEST_CASE("Debian's registry serves what was pushed, and is gone with its owner", "[registry]") {
  NEEDS_DEBIAN_REGISTRY();
  const Fixture fixture;
  std::string address;
  {
    const DebianRegistry registry;
    address = registry.address();
    CHECK_SCRIPT(fixture.shell,
                 fmt::format("skopeo copy -q --preserve-digests --dest-tls-verify=false oci:layout:latest "
                             "docker://{0}/x:latest && "
                             "skopeo copy -q --preserve-digests --src-tls-verify=false docker://{0}/x:latest "
                             "oci:copy:latest && "
                             "diff -r layout/blobs copy/blobs",
                             registry.address()),
                 0, "");
    CHECK(contains(registry.log(), "PUT /v2/x/manifests/latest"));
  }
  CHECK_SCRIPT(fixture.shell, fmt::format("curl -s http://{}/v2/; echo $?", address), 0, "7\n");
}

TEST_CASE("Debian's registry behind TLS and a password lets nobody else in", "[registry]") {
  NEEDS_DEBIAN_REGISTRY();
  const Fixture fixture;
  const DebianRegistry registry{{.tls = true, .user = "ada", .password = "sec:ret"}};
  const std::string get = "curl -s -o /dev/null -w '%{http_code}' ";
  const std::string ca = "--cacert " + registry.ca().native();
  CHECK_SCRIPT(fixture.shell, fmt::format("{} {} -u ada:sec:ret https://{}/v2/", get, ca, registry.address()),
               0, "200");
  CHECK_SCRIPT(fixture.shell, fmt::format("{} {} -u ada:wrong https://{}/v2/", get, ca, registry.address()),
               0, "401");
  CHECK_SCRIPT(fixture.shell, fmt::format("{} {} https://{}/v2/", get, ca, registry.address()), 0, "401");
  CHECK_SCRIPT(fixture.shell, fmt::format("{} -u ada:sec:ret https://{}/v2/", get, registry.address()), 60,
               "000");
}
