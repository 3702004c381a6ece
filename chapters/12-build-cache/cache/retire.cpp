#include "chapters/12-build-cache/cache/retire.hpp"

#include <algorithm>

#include "chapters/09-images/collect.hpp"
#include "chapters/09-images/store_index.hpp"

namespace dockwright {

namespace {

bool of_an_image(const CacheEntry& entry,
                 const std::set<Digest>& of_images) {
  return entry.record.layer &&
         of_images.contains(entry.record.layer->diff_id);
}

bool fits(const CacheEntry& entry, const RetireRules& rules) {
  if (rules.before && entry.used >= *rules.before) return false;
  return rules.ids.empty() ||
         std::any_of(rules.ids.begin(), rules.ids.end(),
                     [&](const std::string& id) {
                       return !id.empty() && entry.name.starts_with(id);
                     });
}

}  // namespace

std::set<Digest> layers_of_images(const Store& store) {
  Needed needed;
  for (const Descriptor& entry : read_index(store).manifests)
    needed.add(store, entry);
  return std::move(needed.layers);
}

std::vector<CacheEntry> choose_to_retire(
    const std::vector<CacheEntry>& entries, const RetireRules& rules,
    const std::set<Digest>& of_images) {
  std::vector<CacheEntry> chosen;
  std::uint64_t staying = 0;
  // Two steps may have made one layer, which is on the disk once.
  std::set<Digest> counted;
  for (const CacheEntry& entry : entries) {
    const bool images = !rules.all && of_an_image(entry, of_images);
    const bool new_bytes =
        !images && entry.record.layer &&
        counted.insert(entry.record.layer->diff_id).second;
    const std::uint64_t bytes = new_bytes ? entry.bytes : 0;
    const bool too_many =
        !rules.keep_bytes || staying + bytes > *rules.keep_bytes;
    if (too_many && !images && fits(entry, rules))
      chosen.push_back(entry);
    else
      staying += bytes;
  }
  return chosen;
}

}  // namespace dockwright
