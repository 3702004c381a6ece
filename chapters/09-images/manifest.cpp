#include "chapters/09-images/manifest.hpp"

#include <nlohmann/json.hpp>

#include "chapters/09-images/media_types.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kSchema = 2;

bool has_any(const JsonNode& root,
             std::initializer_list<const char*> keys) {
  for (const char* const key : keys)
    if (root.find(key)) return true;
  return false;
}

/// Whether it is an index, by its shape alone.
//! [is_index_by_shape]
bool is_index_by_shape(const JsonNode& root) {
  const bool index = has_any(root, {"manifests"});
  const bool manifest = has_any(root, {"config", "layers"});
  if (has_any(root, {"fsLayers", "history", "signatures"}))
    root.fail(
        "a manifest of Docker's schema 1, which was given up in 2017");
  if (index && manifest)
    root.fail(
        "it has both manifests and layers: one program would take it "
        "for an index, another one for an image");
  if (!index && !manifest)
    root.fail("it has neither manifests nor layers");
  return index;
}
//! [is_index_by_shape]

/// The type on which all agree.
//! [agreed_type]
std::string agreed_type(const JsonNode& root, bool index,
                        std::string_view announced) {
  std::string type = root.text_of("mediaType");
  if (!type.empty() && !announced.empty() && type != announced)
    root.fail(
        fmt::format("it was announced as {}, and says that it is {}",
                    announced, type));
  if (type.empty()) type = announced;
  if (type.empty())
    type = std::string{index ? media::kIndex : media::kManifest};
  if (!(index ? media::is_index(type) : media::is_manifest(type)))
    root.fail(fmt::format("its type is {}, but it has the shape of {}",
                          type, index ? "an index" : "an image"));
  return type;
}
//! [agreed_type]

std::vector<Descriptor> descriptors(const JsonNode& list) {
  std::vector<Descriptor> all;
  for (const JsonNode& node : list.items())
    all.push_back(Descriptor::from_json(node));
  return all;
}

std::optional<Descriptor> subject_of(const JsonNode& root) {
  const auto node = root.find("subject");
  if (!node) return std::nullopt;
  return Descriptor::from_json(*node);
}

Manifest manifest_from(const JsonNode& root, std::string type) {
  return {.media_type = std::move(type),
          .artifact_type = root.text_of("artifactType"),
          .config = Descriptor::from_json(root.at("config")),
          .layers = descriptors(root.at("layers")),
          .subject = subject_of(root),
          .annotations = root.text_map_of("annotations"),
          .others = root.others({"schemaVersion", "mediaType",
                                 "artifactType", "config", "layers",
                                 "subject", "annotations"})};
}

Index index_from(const JsonNode& root, std::string type) {
  return {.media_type = std::move(type),
          .artifact_type = root.text_of("artifactType"),
          .manifests = descriptors(root.at("manifests")),
          .subject = subject_of(root),
          .annotations = root.text_map_of("annotations"),
          .others =
              root.others({"schemaVersion", "mediaType", "artifactType",
                           "manifests", "subject", "annotations"})};
}

Json head(const std::string& media_type,
          const std::string& artifact_type) {
  Json json = {{"schemaVersion", kSchema}, {"mediaType", media_type}};
  if (!artifact_type.empty()) json["artifactType"] = artifact_type;
  return json;
}

Json list(const std::vector<Descriptor>& all) {
  Json json = Json::array();
  for (const Descriptor& one : all) json.push_back(one.to_json());
  return json;
}

void add_tail(Json& json, const std::optional<Descriptor>& subject,
              const std::map<std::string, std::string>& annotations,
              const std::string& others) {
  if (subject) json["subject"] = subject->to_json();
  if (!annotations.empty()) json["annotations"] = annotations;
  add_others(json, others);
}

}  // namespace

ManifestOrIndex parse_manifest_or_index(std::string name,
                                        std::string_view text,
                                        std::string_view announced,
                                        const JsonLimits& limits) {
  const JsonDocument document{std::move(name), text, limits};
  const JsonNode root = document.root();
  if (!root.is_object()) root.fail("an object is expected here");
  if (const auto version = root.find("schemaVersion");
      version && version->number() == 1)
    root.fail(
        "a manifest of Docker's schema 1, which was given up in 2017");
  const bool index = is_index_by_shape(root);
  std::string type = agreed_type(root, index, announced);
  if (root.at("schemaVersion").number() != kSchema)
    root.at("schemaVersion").fail("only version 2 is known here");
  if (index) return index_from(root, std::move(type));
  return manifest_from(root, std::move(type));
}

Manifest parse_manifest(std::string name, std::string_view text,
                        std::string_view announced) {
  auto document = parse_manifest_or_index(name, text, announced);
  if (auto* const manifest = std::get_if<Manifest>(&document))
    return std::move(*manifest);
  throw Failure{
      fmt::format("{}: an index, where one image is expected", name)};
}

Index parse_index(std::string name, std::string_view text,
                  std::string_view announced,
                  const JsonLimits& limits) {
  auto document =
      parse_manifest_or_index(name, text, announced, limits);
  if (auto* const index = std::get_if<Index>(&document))
    return std::move(*index);
  throw Failure{
      fmt::format("{}: one image, where an index is expected", name)};
}

std::string Manifest::to_json() const {
  Json json = head(media_type, artifact_type);
  json["config"] = config.to_json();
  json["layers"] = list(layers);
  add_tail(json, subject, annotations, others);
  return write_json(json);
}

std::string Index::to_json() const {
  Json json = head(media_type, artifact_type);
  json["manifests"] = list(manifests);
  add_tail(json, subject, annotations, others);
  return write_json(json);
}

//! [choose]
const Descriptor& Index::choose(const Platform& wanted) const {
  const Descriptor* best = nullptr;
  int best_match = 0;
  std::string there;
  for (const Descriptor& manifest : manifests) {
    const Platform offered = manifest.platform.value_or(Platform{});
    const int match = platform_match(wanted, offered);
    if (match > best_match) {
      best = &manifest;
      best_match = match;
    }
    // Attestations are listed as images for `unknown/unknown`.
    if (!offered.os.empty() && offered.os != "unknown")
      there += (there.empty() ? "" : ", ") + offered.str();
  }
  if (best == nullptr)
    throw Failure{fmt::format(
        "no image for {}: there is {}", wanted.str(),
        there.empty() ? "none that names its platform" : there)};
  return *best;
}
//! [choose]

}  // namespace dockwright
