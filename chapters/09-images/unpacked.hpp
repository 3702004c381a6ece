#pragma once
// Layers as directories, to stand on. A layer is unpacked by itself,
// whatever lies below it, once for all images that have it, and is
// known by its diff ID: layers/HEX/fs is its tree, layers/HEX/mark says
// from which blob it came and how large it is.
//
// The blob's digest and the diff ID are both compared with what came
// out of the pipe before the directory gets its name.

#include <cstdint>
#include <functional>
#include <optional>

#include "chapters/09-images/store.hpp"

namespace dockwright {

/// What `mark` says.
struct UnpackedLayer {
  Digest diff_id;
  Digest blob;  ///< From which it was unpacked.
  std::uint64_t bytes = 0;
  std::uint64_t entries = 0;
};

/// The layer's mark, if it is unpacked.
[[nodiscard]] std::optional<UnpackedLayer> find_unpacked(
    const Store& store, const Digest& diff_id);

/// The layer's tree, unpacked from `blob` where it is not yet.
/// @throws Failure when the blob or what is in it is not what the
/// image's documents say
[[nodiscard]] UniqueFd unpacked_layer(const Store& store,
                                      const Descriptor& blob,
                                      const Digest& diff_id);

/// All layers of an image, the lowest first.
[[nodiscard]] std::vector<UniqueFd> unpacked_layers(const Store& store,
                                                    const Image& image);

/// Runs `body` as root of a user namespace with the numbers that
/// /etc/subuid sets aside for us, in a child, and waits for it: files
/// of an image have many owners. As root it simply runs. What it
/// throws comes here; what it changes in memory does not.
void as_root_of_user_namespace(const std::function<void()>& body);

/// The same for the whole process from here on; before its first
/// thread.
void become_root_of_user_namespace();

}  // namespace dockwright
