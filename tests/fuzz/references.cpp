// Names of images: whatever the bytes, they are refused by a Failure, or the name means the same written
// whole and written short, and holds nothing that could lead out of a URL or a directory.

#include <cstdint>
#include <string_view>

#include "chapters/09-images/platform.hpp"
#include "chapters/09-images/reference.hpp"
#include "common/check.hpp"

using namespace dockwright;

namespace {

void expect(bool holds) {
  if (!holds) __builtin_trap();
}

bool is_tame(std::string_view text) {
  return text.find("..") == std::string_view::npos && text.find("//") == std::string_view::npos &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:@[]") ==
             std::string_view::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  for (const DefaultTag absent : {DefaultTag::latest, DefaultTag::none}) {
    const auto reference = Reference::try_parse(text, absent);
    if (!reference) continue;
    expect(Reference::parse(reference->str(), absent) == *reference);
    expect(Reference::parse(reference->familiar(), absent) == *reference);
    expect(is_tame(reference->registry() + "/" + reference->repository()));
    expect(!reference->tag() || (!reference->tag()->starts_with('.') && reference->tag()->size() <= 128));
  }
  try {
    const Platform platform = Platform::parse(text);
    expect(Platform::parse(platform.str()) == platform);
  } catch (const Failure&) {
    // It is no platform.
  }
  return 0;
}
