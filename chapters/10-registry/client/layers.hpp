#pragma once
// The layers of an image on their way into the store.

#include <vector>

#include "chapters/09-images/store.hpp"
#include "chapters/10-registry/client/progress.hpp"
#include "chapters/10-registry/client/session.hpp"

namespace dockwright {

/// A layer that is to be there: as a blob, and unpacked where its diff
/// ID is known.
struct WantedLayer {
  Descriptor blob;
  std::optional<Digest> diff_id{};
  bool operator==(const WantedLayer&) const = default;
};

/// Whether nothing is left to do for it.
[[nodiscard]] bool is_there(const Store& store,
                            const WantedLayer& layer);

/// Fetches and unpacks what is not there, `at_once` at a time.
/// @throws what the first layer threw that failed
void fetch_layers(Session& session, const Store& store,
                  const std::string& repository,
                  const std::vector<WantedLayer>& layers,
                  unsigned at_once, Progress& progress);

}  // namespace dockwright
