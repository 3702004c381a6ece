// config.json, which many programs write: whatever the bytes, it is refused by a Failure that does not quote
// it, or what is written into it is found again, and what was in it stays.

#include <nlohmann/json.hpp>

#include "chapters/10-registry/client/docker_config.hpp"

#include <cstdint>
#include "common/check.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace dockwright;

namespace {

const Credentials kAda{"ada", "open:sesame", ""};

void use(const DockerConfig& config) {
  for (const char* const registry : {"docker.io", "localhost:5000", "a.example"}) {
    static_cast<void>(config.stored(registry));
    static_cast<void>(config.helper(registry));
  }
  const DockerConfig with = DockerConfig::parse("config.json", config.with("localhost:5000", kAda));
  if (with.stored("localhost:5000") != kAda) fuzz::fail("what is stored is found again");
  if (with.helper("localhost:5000") != config.helper("localhost:5000")) fuzz::fail("the rest stays");
  const DockerConfig without = DockerConfig::parse("config.json", with.without("localhost:5000"));
  if (without.stored("localhost:5000")) fuzz::fail("what is erased is gone");
}

}  // namespace

std::vector<std::string> fuzz::seeds() {
  return {R"({"auths": {"https://index.docker.io/v1/": {"auth": "YWRhOnNlY3JldA=="}}})",
          R"({"auths": {"localhost:5000": {"username": "ada", "password": "secret"}}, "credsStore": "pass"})",
          R"({"auths": {"a.example": {"identitytoken": "t"}}, "credHelpers": {"a.example": "toy"}})",
          R"({"auths": {"http://localhost:5000/v1/": {"auth": ""}, "localhost:5000": null}, "auths2": []})",
          R"({"auths": null, "HttpHeaders": {"X": "y"}, "psFormat": "table"})",
          R"({"auths": {"a": {"auth": "not base64"}}})",
          R"({"auths": {"a": {"auth": "YWRh"}}})",
          R"([])",
          R"({"auths": {"a": {}, "a": {}}})",
          std::string(100, '['),
          "{}",
          ""};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    use(DockerConfig::parse("config.json", {reinterpret_cast<const char*>(data), size}));
  } catch (const Failure&) {
    // It is none.
  }
  return 0;
}
