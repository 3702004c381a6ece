// Names of images and platforms: whatever the bytes, they are refused by a Failure, or the name means the
// same written whole and written short, and holds nothing that could lead out of a URL or a directory.

#include "chapters/09-images/reference.hpp"

#include <cstdint>

#include "chapters/09-images/platform.hpp"
#include "common/check.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace dockwright {

namespace {

bool is_tame(std::string_view text) {
  return text.find("..") == std::string_view::npos && text.find("//") == std::string_view::npos &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:[]") ==
             std::string_view::npos;
}

void check_reference(const Reference& reference, DefaultTag absent) {
  if (Reference::try_parse(reference.str(), absent) != reference) fuzz::fail("the whole name means the same");
  if (Reference::try_parse(reference.familiar(), absent) != reference)
    fuzz::fail("the short name means the same");
  if (!is_tame(reference.registry() + "/" + reference.repository())) fuzz::fail("a name is safe in a URL");
  // Dots may follow each other in a tag, which is the last part of a URL and does not begin with one.
  const std::string tag = reference.tag().value_or("latest");
  if (!is_tame("x" + tag.substr(0, tag.find('.'))) || tag.find('/') != std::string::npos ||
      tag.size() > 128 || tag.starts_with('.'))
    fuzz::fail("a tag is safe in a URL");
}

}  // namespace

std::vector<std::string> fuzz::seeds() {
  const std::string hex(64, 'a');
  return {"flask",
          "alice/flask:2",
          "localhost:5000/a/b__c:latest",
          "[::1]:5000/x",
          "docker.io/library/" + hex,
          "docker.io/a.b/c",
          "index.docker.io/x@sha256:" + hex,
          "r.io/x:t@sha256:" + hex,
          "Flask:V1",
          "https://r.io/x",
          "../../etc/passwd",
          hex,
          "linux/arm64/v8"};
}

}  // namespace dockwright

using namespace dockwright;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  for (const DefaultTag absent : {DefaultTag::latest, DefaultTag::none})
    if (const auto reference = Reference::try_parse(text, absent)) check_reference(*reference, absent);
  try {
    const Platform platform = Platform::parse(text);
    if (Platform::parse(platform.str()) != platform)
      fuzz::fail("a platform means the same when it is written");
  } catch (const Failure&) {  // no platform
  }
  return 0;
}
