#pragma once
// Which records go, when room is needed or somebody asks for it.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "chapters/12-build-cache/cache/build_cache.hpp"

namespace dockwright {

struct RetireRules {
  /// Also those whose layers an image has: nothing is gained but order.
  bool all = false;
  /// Only those last used before.
  std::optional<Seconds> before{};
  /// Only as many, the longest unused first, that no more than this
  /// stays; what images have does not count.
  std::optional<std::uint64_t> keep_bytes{};
  std::vector<std::string> ids{};  ///< Only these; beginnings will do.
};

/// The diff IDs of the layers of all images.
[[nodiscard]] std::set<Digest> layers_of_images(const Store& store);

/// Those that go, in the order in which they were given: `entries` has
/// the last used one first. `of_images`: the diff IDs of all images.
[[nodiscard]] std::vector<CacheEntry> choose_to_retire(
    const std::vector<CacheEntry>& entries, const RetireRules& rules,
    const std::set<Digest>& of_images);

}  // namespace dockwright
