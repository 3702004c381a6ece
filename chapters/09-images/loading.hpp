#pragma once
// Images come in, in one of two shapes:
//
//   * Docker's: manifest.json lists images with a config and layers by
//     their names in the archive. Nothing in it is a digest, but the
//     config names the digests of the plain layers: those are compared.
//   * OCI's layout: index.json names everything by digest.
//
// Docker has written both at once since version 25. Then the second is
// read: what can be checked is better than what can be believed.

#include <optional>
#include <string>
#include <vector>

#include "chapters/09-images/image_files.hpp"

namespace dockwright {

/// An image that came in, and is in the store now.
struct LoadedImage {
  Descriptor descriptor;
  std::vector<Reference> names{};
};

/// Reads all images into the store, and names them there. With
/// `platform` only that of an image with several.
/// @throws Failure; then none of them has got a name
[[nodiscard]] std::vector<LoadedImage> load_images(
    const Store& store, ImageFiles& files,
    const std::optional<Platform>& platform = std::nullopt);

}  // namespace dockwright
