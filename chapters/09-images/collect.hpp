#pragma once
// What nobody needs any more is removed: first marked are all that the
// index names, documents within documents, and all that running
// containers stand on; what is not marked is swept.

#include <cstdint>
#include <optional>
#include <vector>

#include "chapters/09-images/store.hpp"

namespace dockwright {

/// What was removed.
struct Collected {
  std::vector<StoredImage> images{};
  std::vector<Digest> blobs{};
  std::vector<Digest> layers{};
  std::uint64_t bytes = 0;
};

/// Which images go first.
enum class Prune {
  none,      ///< None: only what no image needs is removed.
  dangling,  ///< Those without a name.
  unused,    ///< Those on which no container runs.
};

/// Removes images, and then all that no image or container needs.
/// With `Wait::no`, nothing and no answer when others use the store.
/// @throws Failure when a document is damaged, for then nobody knows
/// what it needs
std::optional<Collected> collect(Store& store, Prune prune,
                                 Store::Wait wait);

}  // namespace dockwright
