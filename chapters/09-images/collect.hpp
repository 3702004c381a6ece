#pragma once
// What nobody needs any more is removed: first marked are all that the
// index names, documents within documents, all that running containers
// stand on, and what builds keep; what is not marked is swept.

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "chapters/09-images/kept.hpp"
#include "chapters/09-images/store.hpp"

namespace dockwright {

/// What was removed.
struct Collected {
  std::vector<StoredImage> images{};
  std::vector<Digest> blobs{};
  std::vector<Digest> layers{};
  std::uint64_t bytes = 0;
};

/// What images need.
struct Needed {
  std::set<Digest> blobs{};
  std::set<Digest> layers{};  ///< By diff ID.
  /// Adds a manifest or an index, and all below it that is there.
  /// @throws Failure when one of them cannot be read
  void add(const Store& store, const Descriptor& document);
  void add(const Kept& record);
};

/// Which images go first.
enum class Prune {
  none,      ///< None: only what no image needs is removed.
  dangling,  ///< Those without a name.
  unused,    ///< Those on which no container runs.
};

/// Removes images, and then all that no image or container needs: also
/// blobs that this process has added and not yet named. With
/// `Wait::no`, nothing and no answer when others use the store.
/// @throws Failure when a document is damaged, for then nobody knows
/// what it needs
std::optional<Collected> collect(Store& store, Prune prune,
                                 Store::Wait wait);

}  // namespace dockwright
