#include "tests/registry/layout.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "common/check.hpp"
#include "common/digest.hpp"

using dockwright::Digest;
using dockwright::Failure;
namespace fs = std::filesystem;

namespace lying {

std::string slurp(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) throw Failure{fmt::format("cannot read {}", path.native())};
  return {std::istreambuf_iterator<char>{file}, {}};
}

Layout::Layout(fs::path directory) : directory_{std::move(directory)} {
  const auto index = nlohmann::json::parse(slurp(directory_ / "index.json"));
  for (const auto& entry : index.at("manifests")) {
    Document document{.media_type = entry.value("mediaType", ""), .digest = entry.at("digest")};
    document.text = slurp(blob(document.digest).value());
    std::string tag = "latest";
    if (const auto notes = entry.find("annotations"); notes != entry.end())
      tag = notes->value("org.opencontainers.image.ref.name", tag);
    if (const auto colon = tag.rfind(':'); colon != std::string::npos) tag.erase(0, colon + 1);
    if (tags_.empty()) tags_.emplace("latest", document);
    tags_.insert_or_assign(tag, document);
  }
  if (tags_.empty()) throw Failure{fmt::format("{}: there is no image in it", directory_.native())};
}

std::optional<fs::path> Layout::blob(const std::string& digest) const {
  const auto parsed = Digest::try_parse(digest);
  if (!parsed) return std::nullopt;
  fs::path path = directory_ / "blobs" / "sha256" / parsed->hex();
  if (!fs::exists(path)) return std::nullopt;
  return path;
}

std::optional<Document> Layout::manifest(const std::string& reference) const {
  if (const auto found = tags_.find(reference); found != tags_.end()) return found->second;
  const auto path = blob(reference);
  if (!path) return std::nullopt;
  Document document{.digest = reference, .text = slurp(*path)};
  // No blob but a manifest has a media type in it, or config and layers.
  const auto json = nlohmann::json::parse(document.text, nullptr, false);
  if (!json.is_object() || !json.contains("schemaVersion")) return std::nullopt;
  const bool is_index = json.contains("manifests");
  document.media_type = json.value("mediaType", is_index ? "application/vnd.oci.image.index.v1+json"
                                                         : "application/vnd.oci.image.manifest.v1+json");
  return document;
}

}  // namespace lying
