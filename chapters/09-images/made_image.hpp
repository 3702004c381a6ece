#pragma once
// Images that we make ourselves: a layer from an archive, a config, a
// manifest that names both.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "chapters/08-layers/archive_limits.hpp"
#include "chapters/09-images/store.hpp"
#include "chapters/09-images/timestamp.hpp"

namespace dockwright {

/// An archive that became a blob.
struct NewLayer {
  Descriptor blob;
  Digest diff_id;
  Seconds newest = 0;  ///< The time of its youngest file.
};

/// Stores an archive of files as it comes, packed or not, and reads
/// through it: what is no archive is refused, not stored.
[[nodiscard]] NewLayer store_layer(const Store& store,
                                   std::unique_ptr<Source> archive,
                                   const ArchiveLimits& limits = {});

/// The time of the youngest file in an archive that is stored.
[[nodiscard]] Seconds newest_in(const Store& store,
                                const Descriptor& layer);

/// Stores config and manifest; the descriptor of the manifest.
[[nodiscard]] Descriptor store_image(const Store& store,
                                     const ImageConfig& config,
                                     std::vector<Descriptor> layers);

}  // namespace dockwright
