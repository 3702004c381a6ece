// Documents of an image: whatever the bytes, they are refused by a Failure, or what was understood of them is
// written again and then understood the same.

#include "chapters/09-images/image_config.hpp"

#include <cstdint>
#include "chapters/09-images/manifest.hpp"
#include "common/check.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace dockwright {

namespace {

const std::string kDigest = "\"sha256:" + std::string(64, 'a') + "\"";

std::string descriptor(const char* type, const char* more = "") {
  return R"({"mediaType":"application/vnd.oci.image.)" + std::string{type} + R"(","size":7,"digest":)" +
         kDigest + more + "}";
}

/// Calls `parse`; a Failure is the one way in which a document is refused.
template <typename Parse>
void try_parse(const Parse& parse) {
  try {
    parse();
  } catch (const Failure&) {
  }
}

/// What was understood is understood again when it is written.
template <typename Document, typename Parse>
void expect_round_trip(const Document& document, const Parse& parse) {
  try {
    if (parse(document.to_json()) == document) return;
  } catch (const Failure&) {
    fuzz::fail("what is written can be read");
  }
  fuzz::fail("what is written is read as it was");
}

void read_again(const Manifest& manifest) {
  expect_round_trip(manifest, [](const std::string& text) { return parse_manifest("again", text); });
}

void read_again(const Index& index) {
  expect_round_trip(index, [](const std::string& text) { return parse_index("again", text); });
  try_parse([&] { static_cast<void>(index.choose(Platform::parse("linux/arm64"))); });
}

}  // namespace

std::vector<std::string> fuzz::seeds() {
  const std::string config = descriptor("config.v1+json");
  const std::string layer =
      descriptor("layer.v1.tar+gzip",
                 R"(,"urls":["https://x"],"annotations":{"a":"b"},"data":"e30=","x":[1,{"y":null}])");
  const std::string child =
      descriptor("manifest.v1+json", R"(,"platform":{"os":"linux","architecture":"arm64","variant":"v8"})");
  const std::string manifest = R"({"schemaVersion":2,"config":)" + config + R"(,"layers":[)" + layer +
                               R"(],"subject":)" + child + R"(,"annotations":{"k":"v"}})";
  const std::string index = R"({"schemaVersion":2,"manifests":[)" + child + "," + child + R"(],"z":1e3})";
  const std::string image =
      R"({"created":"2026-01-01T00:00:00Z","author":"\u00e4","architecture":"arm64","os":"linux","variant":"v8",)"
      R"("os.features":["f"],"config":{"User":"u","ExposedPorts":{"80/tcp":{}},"Env":["A=b"],"Entrypoint":["e"],)"
      R"("Cmd":"old","Healthcheck":{"Test":["NONE"],"Interval":5,"Retries":-3},"Volumes":{"/v":{}},"Labels":{"l":""},)"
      R"("OnBuild":["RUN x"],"Shell":["sh"],"StopSignal":"9","WorkingDir":"/","ArgsEscaped":true},)"
      R"("rootfs":{"type":"layers","diff_ids":[)" +
      kDigest + R"(]},"history":[{"created_by":"x","empty_layer":true},{"comment":"c","author":"a"}]})";
  return {manifest,
          index,
          image,
          R"({"schemaVersion":1,"fsLayers":[]})",
          R"({"schemaVersion":2,"manifests":[],"layers":[]})",
          std::string(200, '['),
          R"({"a":1,"a":2})",
          "{\"a\":\"\xff\"}"};
}

}  // namespace dockwright

using namespace dockwright;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  try_parse([&] {
    const auto read = parse_manifest_or_index("doc", text);
    std::visit([](const auto& document) { read_again(document); }, read);
  });
  try_parse([&] {
    expect_round_trip(ImageConfig::parse("doc", text),
                      [](const std::string& again) { return ImageConfig::parse("again", again); });
  });
  return 0;
}
