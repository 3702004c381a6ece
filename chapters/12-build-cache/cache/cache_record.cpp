#include "chapters/12-build-cache/cache/cache_record.hpp"

#include <nlohmann/json.hpp>

#include "chapters/09-images/kept.hpp"

namespace dockwright {

namespace {

constexpr std::uint64_t kVersion = 1;

}  // namespace

std::string CacheRecord::to_json(const std::string& boot) const {
  nlohmann::ordered_json blobs = nlohmann::ordered_json::array();
  nlohmann::ordered_json layers = nlohmann::ordered_json::array();
  if (layer) {
    blobs.push_back(layer->blob.to_json());
    layers.push_back(layer->diff_id.str());
  }
  nlohmann::ordered_json record{{"version", kVersion},
                                {"step", step},
                                {"inputs", inputs.to_json()},
                                {"boot", boot}};
  if (layer) record["newest"] = layer->newest;
  if (contents) record["contents"] = contents->str();
  record["keeps"] = {{"blobs", blobs}, {"layers", layers}};
  return write_json(record);
}

ReadRecord parse_record(const std::string& name,
                        const std::string& text) {
  const Kept kept = parse_kept(name, text);
  const JsonDocument document{"cache/" + name, text};
  const JsonNode root = document.root();
  if (root.at("version").number() != kVersion)
    root.fail("a record of another version");
  if (kept.blobs.size() > 1 || kept.blobs.size() != kept.layers.size())
    root.at("keeps").fail("a step makes one layer");
  ReadRecord read{
      .record = {.inputs = StepInputs::from_json(root.at("inputs")),
                 .step = root.text_of("step")},
      .boot = root.text_of("boot")};
  if (!kept.blobs.empty())
    read.record.layer =
        BuiltLayer{.blob = kept.blobs.front(),
                   .diff_id = kept.layers.front(),
                   .newest = root.at("newest").integer()};
  if (const auto contents = root.find("contents"))
    read.record.contents = digest_from_json(*contents);
  return read;
}

}  // namespace dockwright
