#pragma once
// Images go out. What is written is an OCI layout in any case; Docker's
// archive has its own table of contents besides, so that old readers
// and new ones find what they look for:
//
//     blobs/sha256/…   oci-layout   index.json   manifest.json
//
// As they are kept, layers go out byte for byte, and keep their digests.
// In another compression they get others, and so does the manifest; the
// config, whose digest is the image's ID, names plain layers and stays.

#include <optional>
#include <vector>

#include "chapters/08-layers/compression.hpp"
#include "chapters/09-images/destination.hpp"
#include "chapters/09-images/store.hpp"

namespace dockwright {

struct ImageToSave {
  Descriptor descriptor;
  std::vector<Reference> names{};
};

struct SaveOptions {
  /// How layers are packed; absent: as they are kept.
  std::optional<Compression> compression{};
  /// Whether manifest.json is written, too.
  bool for_docker = false;
  /// Of an image with several platforms; absent: all, where that can
  /// be said.
  std::optional<Platform> platform{};
};

void save_images(const Store& store,
                 const std::vector<ImageToSave>& images,
                 Destination& to, const SaveOptions& options);

}  // namespace dockwright
