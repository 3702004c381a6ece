// Documents of an image: whatever the bytes, they are refused by a Failure, or what was understood of them is
// written again and then understood the same.

#include <cstdint>
#include <string_view>

#include "chapters/09-images/image_config.hpp"
#include "chapters/09-images/manifest.hpp"
#include "common/check.hpp"

using namespace dockwright;

namespace {

void expect(bool holds) {
  if (!holds) __builtin_trap();
}

template <typename Call>
void may_refuse(const Call& call) {
  try {
    call();
  } catch (const Failure&) {
    // The one way in which a document is refused.
  }
}

/// Invalid text becomes U+FFFD when it is written; none is left to become so after it was read.
template <typename Document, typename Parse>
void round_trip(const Document& document, const Parse& parse) {
  expect(parse(document.to_json()) == document);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  may_refuse([&] {
    const auto read = parse_manifest_or_index("doc", text);
    if (const auto* const manifest = std::get_if<Manifest>(&read))
      round_trip(*manifest, [](const std::string& again) { return parse_manifest("again", again); });
    if (const auto* const index = std::get_if<Index>(&read)) {
      round_trip(*index, [](const std::string& again) { return parse_index("again", again); });
      may_refuse([&] { (void)index->choose(Platform::parse("linux/arm64")); });
    }
  });
  may_refuse([&] {
    round_trip(ImageConfig::parse("doc", text),
               [](const std::string& again) { return ImageConfig::parse("again", again); });
  });
  return 0;
}
