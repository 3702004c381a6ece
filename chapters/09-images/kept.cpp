#include "chapters/09-images/kept.hpp"

#include <fcntl.h>

#include <nlohmann/json.hpp>

#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kLargestRecord = 4U << 20;

}  // namespace

Kept parse_kept(const std::string& name, const std::string& text) {
  const JsonDocument document{"cache/" + name, text};
  const JsonNode root = document.root();
  const JsonNode inputs = root.at("inputs");
  if (Digest::of(write_json(inputs.json())).hex() != name)
    inputs.fail("these are the inputs of another step");
  Kept kept{.name = name};
  const JsonNode keeps = root.at("keeps");
  for (const JsonNode& blob : keeps.at("blobs").items())
    kept.blobs.push_back(Descriptor::from_json(blob));
  for (const JsonNode& layer : keeps.at("layers").items())
    kept.layers.push_back(digest_from_json(layer));
  if (kept.blobs.size() != kept.layers.size())
    keeps.fail("each blob is that of one layer");
  return kept;
}

KeptRecords kept_records(const Store& store) {
  KeptRecords records;
  const auto directory = files::try_open_at(
      store.root(), kCacheDirectory, O_RDONLY | O_DIRECTORY);
  if (!directory) return records;
  for (const std::string& name : files::names_in(*directory)) {
    try {
      const auto text =
          files::read_at(*directory, name, kLargestRecord);
      if (text) records.whole.push_back(parse_kept(name, *text));
    } catch (const Failure&) {
      records.damaged.push_back(name);
    }
  }
  return records;
}

}  // namespace dockwright
