#pragma once
// Images for the tests of the store: small, and made on the spot.

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chapters/09-images/media_types.hpp"
#include "chapters/09-images/store.hpp"

namespace dockwright {

using TarFiles = std::vector<std::pair<std::string, std::string>>;

/// A ustar archive of plain files of mode 0644 that belong to root.
inline std::string tar_of(const TarFiles& files) {
  std::string archive;
  for (const auto& [name, content] : files) {
    std::string header(512, '\0');
    header.replace(0, name.size(), name);
    header.replace(100, 8, std::string_view{"0000644\0", 8});
    header.replace(108, 8, std::string_view{"0000000\0", 8});
    header.replace(116, 8, std::string_view{"0000000\0", 8});
    header.replace(124, 11, fmt::format("{:011o}", content.size()));
    header.replace(136, 11, "00000000000");
    header.replace(148, 8, "        ");
    header[156] = '0';
    header.replace(257, 8,
                   std::string_view{"ustar\0"
                                    "00",
                                    8});
    unsigned sum = 0;
    for (const char c : header) sum += static_cast<unsigned char>(c);
    header.replace(148, 7, fmt::format("{:06o}", sum) + '\0');
    archive += header + content;
    archive.append((512 - content.size() % 512) % 512, '\0');
  }
  return archive.append(1024, '\0');
}

/// What an image is made of, before it is in a store.
struct MadeImage {
  std::vector<std::string> layers{};  ///< Archives.
  std::string config{};
  std::string manifest{};
  Descriptor descriptor = Descriptor::of(media::kManifest, "");  ///< Of the manifest.
};

inline MadeImage make_image(std::vector<std::string> layers,
                            std::string_view created = "2026-01-01T00:00:00Z",
                            const Platform& platform = Platform::of_this_machine()) {
  MadeImage made{.layers = std::move(layers)};
  ImageConfig config{.created = std::string{created}, .platform = platform};
  config.config.cmd = {"/bin/sh"};
  std::vector<Descriptor> blobs;
  for (const std::string& layer : made.layers) {
    blobs.push_back(Descriptor::of(media::kLayer, layer));
    config.diff_ids.push_back(Digest::of(layer));
  }
  made.config = config.to_json();
  const Manifest manifest{.media_type = std::string{media::kManifest},
                          .config = Descriptor::of(media::kConfig, made.config),
                          .layers = std::move(blobs)};
  made.manifest = manifest.to_json();
  made.descriptor = Descriptor::of(media::kManifest, made.manifest);
  return made;
}

/// An image of one layer with one file.
inline MadeImage word_image(std::string_view word) {
  return make_image(std::vector<std::string>{tar_of({{"word", std::string{word}}})});
}

/// Brings an image into a store, without a name.
inline void add_image(const Store& store, const MadeImage& image) {
  for (const std::string& layer : image.layers) store.add_document(media::kLayer, layer);
  store.add_document(media::kConfig, image.config);
  store.add_document(media::kManifest, image.manifest);
}

}  // namespace dockwright
