#pragma once
// Layers as directories, to stand on. A layer is unpacked by itself,
// whatever lies below it, once for all images that have it, and is
// known by its diff ID: layers/HEX/fs is its tree, layers/HEX/mark says
// from which blob it came and how large it is.
//
// The blob's digest and the diff ID are both compared with what came
// out of the pipe before the directory gets its name.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "chapters/08-layers/archive_limits.hpp"
#include "chapters/08-layers/stream.hpp"
#include "chapters/09-images/store.hpp"

namespace dockwright {

/// What `mark` says.
struct UnpackedLayer {
  Digest diff_id;
  Digest blob;              ///< From which it was unpacked.
  std::uint64_t bytes = 0;  ///< Of its files.
  std::uint64_t entries = 0;
  bool rootless = false;  ///< Its whiteouts are a user's, not root's.
  bool operator==(const UnpackedLayer&) const = default;
};

/// The layer's mark, if it is unpacked.
[[nodiscard]] std::optional<UnpackedLayer> find_unpacked(
    const Store& store, const Digest& diff_id);

/// The layer's tree, unpacked from `blob` where it is not yet.
/// @throws Failure when the blob or what is in it is not what the
/// image's documents say
[[nodiscard]] UniqueFd unpacked_layer(const Store& store,
                                      const Descriptor& blob,
                                      const Digest& diff_id,
                                      const ArchiveLimits& limits = {});

/// Which layers to stand on: overlay takes no directory twice, and an
/// image may have a layer twice, such as an empty one. The upper one
/// says all that the lower one says. Numbers of `diff_ids`, in order.
[[nodiscard]] std::vector<std::size_t> distinct_layers(
    const std::vector<Digest>& diff_ids);

/// The layers of an image that it stands on, the lowest first.
[[nodiscard]] std::vector<UniqueFd> unpacked_layers(
    const Store& store, const Image& image,
    const ArchiveLimits& limits = {});

/// Takes in a layer that arrives: in one go it becomes a blob and a
/// directory, and every byte is hashed once. It happens in this very
/// process, in threads. @pre `become_root_of_user_namespace` was called
void receive_layer(const Store& store, std::unique_ptr<Source> arriving,
                   const Descriptor& blob, const Digest& diff_id,
                   const ArchiveLimits& limits = {});

/// A directory that is to become a layer as it is.
struct ReadyTree {
  const UniqueFd& parent;  ///< On the file system of the store.
  const std::string& name;
};
/// Takes in a directory that `layer` describes, by its name alone:
/// nothing is copied. Where the layer is there already, the directory
/// stays where it is.
void adopt_unpacked(const Store& store, const ReadyTree& tree,
                    const UnpackedLayer& layer);

}  // namespace dockwright
