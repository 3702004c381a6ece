// The documents of an image: read, written, and refused when they could be read in two ways.

#include <nlohmann/json.hpp>

#include "chapters/09-images/image_config.hpp"
#include "chapters/09-images/manifest.hpp"
#include "chapters/09-images/media_types.hpp"
#include "common/check.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;
using nlohmann::json;

namespace {

std::string digest(char digit) { return "sha256:" + std::string(64, digit); }

json descriptor(std::string_view type, char digit, int size) {
  return {{"mediaType", type}, {"digest", digest(digit)}, {"size", size}};
}

/// As the image specification's examples have it: every field once.
json whole_manifest() {
  json layer = descriptor(media::kLayerGzip, 'b', 32654);
  layer["annotations"] = {{"org.example.layer", "base"}};
  layer["urls"] = {"https://example.org/layer"};
  layer["data"] = "e30=";
  return {{"schemaVersion", 2},
          {"mediaType", media::kManifest},
          {"artifactType", "application/vnd.example.thing"},
          {"config", descriptor(media::kConfig, 'a', 7023)},
          {"layers", {layer, descriptor(media::kLayerZstd, 'c', 16724)}},
          {"subject", descriptor(media::kManifest, 'd', 7682)},
          {"annotations", {{"com.example.key1", "value1"}, {"com.example.key2", "value2"}}},
          {"unheard-of", {{"deep", {1, 2, nullptr}}}}};
}

json whole_index() {
  json arm = descriptor(media::kManifest, 'b', 7682);
  arm["platform"] = {{"architecture", "arm"}, {"os", "linux"}, {"variant", "v7"}};
  json windows = descriptor(media::kManifest, 'c', 7683);
  windows["platform"] = {
      {"architecture", "amd64"}, {"os", "windows"}, {"os.version", "10.0.1"}, {"os.features", {"win32k"}}};
  json linux = descriptor(media::kManifest, 'a', 7143);
  linux["platform"] = {{"architecture", "amd64"}, {"os", "linux"}};
  return {{"schemaVersion", 2},
          {"mediaType", media::kIndex},
          {"manifests", {arm, windows, linux}},
          {"annotations", {{"com.example.index.revision", "1"}}}};
}

json whole_config() {
  return {{"created", "2015-10-31T22:22:56.015925234Z"},
          {"author", "Alyssa P. Hacker <alyspdev@example.com>"},
          {"architecture", "arm64"},
          {"os", "linux"},
          {"variant", "v8"},
          {"os.version", "1"},
          {"os.features", {"f"}},
          {"docker_version", "20.10"},
          {"config",
           {{"User", "alice"},
            {"ExposedPorts", {{"8080/tcp", json::object()}, {"53/udp", json::object()}}},
            {"Env", {"PATH=/bin", "FOO=oops=is=a=value"}},
            {"Entrypoint", {"/bin/my-app"}},
            {"Cmd", {"--foreground", "--config"}},
            {"Healthcheck",
             {{"Test", {"CMD-SHELL", "curl -f localhost"}},
              {"Interval", 5000000000},
              {"Timeout", 1000000000},
              {"StartPeriod", 2000000000},
              {"StartInterval", 3000000},
              {"Retries", 3}}},
            {"Volumes", {{"/var/data", json::object()}}},
            {"WorkingDir", "/home/alice"},
            {"OnBuild", {"RUN make"}},
            {"Labels", {{"com.example.x", "y"}}},
            {"StopSignal", "SIGQUIT"},
            {"Shell", {"/bin/bash", "-c"}},
            {"ArgsEscaped", true}}},
          {"rootfs", {{"type", "layers"}, {"diff_ids", {digest('1'), digest('2')}}}},
          {"history",
           {{{"created", "2015-10-31T22:22:54Z"}, {"created_by", "ADD file in /"}, {"author", "A"}},
            {{"created_by", "CMD"}, {"empty_layer", true}, {"comment", "c"}}}}};
}

/// What is said of a document that is refused.
std::string refusal(const json& document, std::string_view announced = "") {
  try {
    (void)parse_manifest_or_index("doc", document.dump(), announced);
    return "accepted";
  } catch (const Failure& failure) {
    return failure.what();
  }
}

Platform platform(const char* text) { return Platform::parse(text); }

}  // namespace

TEST_CASE("a document with every field is written again as it was", "[image]") {
  const json manifest = whole_manifest();
  CHECK(json::parse(parse_manifest("doc", manifest.dump()).to_json()) == manifest);
  const json index = whole_index();
  CHECK(json::parse(parse_index("doc", index.dump()).to_json()) == index);
  const json config = whole_config();
  CHECK(json::parse(ImageConfig::parse("doc", config.dump()).to_json()) == config);
}

TEST_CASE("what is not said is not written", "[image]") {
  const json config = {{"architecture", "amd64"},
                       {"os", "linux"},
                       {"rootfs", {{"type", "layers"}, {"diff_ids", json::array()}}}};
  CHECK(json::parse(ImageConfig::parse("doc", config.dump()).to_json()) == config);
  const json manifest = {{"schemaVersion", 2},
                         {"mediaType", media::kDockerManifest},
                         {"config", descriptor(media::kDockerConfig, 'a', 2)},
                         {"layers", json::array()}};
  CHECK(json::parse(parse_manifest("doc", manifest.dump()).to_json()) == manifest);
}

TEST_CASE("the same document has the same digest, in whatever order it was put together", "[image]") {
  const json config = whole_config();
  ImageConfig other = ImageConfig::parse("doc", config.dump());
  other.config.exposed_ports = {};
  other.config.exposed_ports.insert("8080/tcp");
  other.config.exposed_ports.insert("53/udp");
  CHECK(Digest::of(other.to_json()) == Digest::of(ImageConfig::parse("doc", config.dump(4)).to_json()));
}

TEST_CASE("null, Docker's word for empty, is read as empty", "[image]") {
  json config = whole_config();
  for (const char* const key :
       {"Cmd", "Entrypoint", "Env", "Volumes", "Labels", "OnBuild", "ExposedPorts", "Healthcheck"})
    config["config"][key] = nullptr;
  config["history"] = nullptr;
  const ImageConfig image = ImageConfig::parse("doc", config.dump());
  CHECK(image.config.cmd.empty());
  CHECK(image.config.labels.empty());
  CHECK_FALSE(image.config.healthcheck);
  CHECK(image.history.empty());
}

TEST_CASE("a config that contradicts itself or has no platform is refused", "[image]") {
  const auto refused = [](const char* pointer, const json& value) {
    json config = whole_config();
    config[json::json_pointer{pointer}] = value;
    try {
      (void)ImageConfig::parse("doc", config.dump());
      return std::string{"accepted"};
    } catch (const Failure& failure) {
      return std::string{failure.what()};
    }
  };
  CHECK(contains(refused("/os", ""), "os is missing"));
  CHECK(contains(refused("/architecture", nullptr), "architecture is missing"));
  CHECK(contains(refused("/rootfs/type", "tarballs"), "layers"));
  CHECK(contains(refused("/rootfs/diff_ids/1", "sha256:12"), "/rootfs/diff_ids/1: no digest"));
  CHECK(contains(refused("/config/Env", "PATH=/bin"), "/config/Env: a list is expected"));
  CHECK(contains(refused("/config/Healthcheck/Retries", 1.5), "/config/Healthcheck/Retries: a whole number"));
  CHECK(contains(refused("/history/0", 7), "/history/0: an object"));
}

TEST_CASE("a document that could be read in two ways is refused", "[image][security]") {
  json both = whole_manifest();
  both["manifests"] = json::array();
  CHECK(contains(refusal(both), "both manifests and layers"));
  json mixed = whole_index();
  mixed["config"] = descriptor(media::kConfig, 'a', 1);
  CHECK(contains(refusal(mixed), "both manifests and layers"));
  json lying = whole_manifest();
  lying["mediaType"] = media::kIndex;
  CHECK(contains(refusal(lying), "it has the shape of an image"));
  json lying_index = whole_index();
  lying_index["mediaType"] = media::kDockerManifest;
  CHECK(contains(refusal(lying_index), "it has the shape of an index"));
  CHECK(contains(refusal(whole_manifest(), media::kIndex), "announced as"));
  CHECK(contains(refusal(whole_manifest(), media::kDockerManifest), "announced as"));
  json silent = whole_manifest();
  silent.erase("mediaType");
  CHECK(refusal(silent, media::kManifest) == "accepted");
  CHECK(contains(refusal(silent, media::kIndex), "it has the shape of an image"));
  CHECK(contains(refusal(silent, "text/html"), "its type is text/html"));
}

TEST_CASE("a document of another kind is refused by name", "[image]") {
  CHECK(contains(refusal(json::object()), "neither manifests nor layers"));
  CHECK(contains(refusal(json::array()), "an object is expected"));
  CHECK(contains(refusal({{"schemaVersion", 1}, {"fsLayers", json::array({1})}}), "schema 1"));
  json third = whole_manifest();
  third["schemaVersion"] = 3;
  CHECK(contains(refusal(third), "/schemaVersion: only version 2"));
  json headless = whole_manifest();
  headless.erase("config");
  CHECK(contains(refusal(headless), "config is missing"));
  CHECK_THROWS_AS(parse_index("doc", whole_manifest().dump()), Failure);
  CHECK_THROWS_AS(parse_manifest("doc", whole_index().dump()), Failure);
}

TEST_CASE("a descriptor with a wrong digest or size is refused with its path", "[image][security]") {
  const auto refused = [](const char* key, const json& value) {
    json manifest = whole_manifest();
    manifest["layers"][1][key] = value;
    return refusal(manifest);
  };
  CHECK(contains(refused("digest", "sha256:../../etc"), "doc: /layers/1/digest: no digest"));
  CHECK(contains(refused("digest", "sha512:" + std::string(128, 'a')), "another kind than sha256"));
  CHECK(contains(refused("size", -1), "/layers/1/size"));
  CHECK(contains(refused("size", 9223372036854775808ULL), "no blob is that large"));
  CHECK(contains(refused("mediaType", 1), "/layers/1/mediaType: a text"));
}

TEST_CASE("of an index the very platform is chosen, else the nearest older generation", "[image]") {
  Index index;
  for (const char* const text :
       {"linux/arm/v6", "linux/amd64", "linux/arm/v7", "linux/arm64/v8", "unknown/unknown"}) {
    Descriptor one = Descriptor::of(media::kManifest, text);
    one.platform = platform(text);
    index.manifests.push_back(one);
  }
  const auto chosen = [&](const char* wanted) { return index.choose(platform(wanted)).platform->str(); };
  CHECK(chosen("linux/amd64") == "linux/amd64");
  CHECK(chosen("linux/x86_64") == "linux/amd64");
  CHECK(chosen("linux/amd64/v3") == "linux/amd64");
  CHECK(chosen("linux/arm64") == "linux/arm64/v8");
  CHECK(chosen("aarch64") == "linux/arm64/v8");
  CHECK(chosen("linux/arm/v8") == "linux/arm/v7");
  CHECK(chosen("linux/arm/v7") == "linux/arm/v7");
  CHECK(chosen("linux/arm/v6") == "linux/arm/v6");
  CHECK(chosen("armhf") == "linux/arm/v7");
  try {
    (void)index.choose(platform("linux/arm/v5"));
    FAIL("a machine was given what is too new for it");
  } catch (const Failure& failure) {
    CHECK(std::string{failure.what()} ==
          "no image for linux/arm/v5: there is linux/arm/v6, linux/amd64, linux/arm/v7, linux/arm64/v8");
  }
  CHECK_THROWS_AS(index.choose(platform("windows/amd64")), Failure);
}

TEST_CASE("a platform is read as OS/ARCHITECTURE/VARIANT, and this machine has one", "[image]") {
  CHECK(platform("linux/arm64/v8").str() == "linux/arm64/v8");
  CHECK(platform("amd64").str() == "linux/amd64");
  for (const char* const wrong : {"", "/", "linux/", "a/b/c/d", "linux/AMD64", "linux/a b"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(Platform::parse(wrong), Failure);
  }
  CHECK(Platform::of_this_machine().os == "linux");
  CHECK_FALSE(Platform::of_this_machine().architecture.empty());
}

TEST_CASE("a media type has a name in both families", "[image]") {
  CHECK(media::as_docker(media::kLayerGzip) == media::kDockerLayerGzip);
  CHECK(media::as_oci(media::kDockerIndex) == media::kIndex);
  CHECK(media::as_oci("text/plain") == "text/plain");
  CHECK(media::is_layer("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"));
  CHECK(media::is_foreign_layer("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"));
  CHECK_FALSE(media::is_layer(media::kConfig));
}
