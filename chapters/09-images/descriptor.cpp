#include "chapters/09-images/descriptor.hpp"

#include <nlohmann/json.hpp>

namespace dockwright {

Digest digest_from_json(const JsonNode& node) {
  const std::string text = node.text();
  if (auto digest = Digest::try_parse(text)) return *std::move(digest);
  if (text.starts_with("sha512:") || text.starts_with("blake3:"))
    node.fail("a digest of another kind than sha256");
  node.fail("no digest: sha256: and 64 hexadecimal digits");
}

Descriptor Descriptor::of(std::string_view media_type,
                          std::string_view bytes) {
  return {.media_type = std::string{media_type},
          .digest = Digest::of(bytes),
          .size = bytes.size()};
}

Descriptor Descriptor::from_json(const JsonNode& node) {
  Descriptor descriptor{.media_type = node.at("mediaType").text(),
                        .digest = digest_from_json(node.at("digest")),
                        .size = node.at("size").number()};
  // Sizes are signed in most programs; a larger one is an attack.
  if (descriptor.size > std::uint64_t{INT64_MAX})
    node.at("size").fail("no blob is that large");
  descriptor.urls = node.texts_of("urls");
  descriptor.annotations = node.text_map_of("annotations");
  if (const auto platform = node.find("platform"))
    descriptor.platform = Platform::from_json(*platform);
  descriptor.others = node.others({"mediaType", "digest", "size",
                                   "urls", "annotations", "platform"});
  return descriptor;
}

nlohmann::ordered_json Descriptor::to_json() const {
  nlohmann::ordered_json json = {{"mediaType", media_type},
                                 {"digest", digest.str()},
                                 {"size", size}};
  if (!urls.empty()) json["urls"] = urls;
  if (!annotations.empty()) json["annotations"] = annotations;
  if (platform) json["platform"] = platform->to_json();
  add_others(json, others);
  return json;
}

}  // namespace dockwright
