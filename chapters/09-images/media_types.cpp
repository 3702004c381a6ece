#include "chapters/09-images/media_types.hpp"

#include <algorithm>
#include <array>

namespace dockwright::media {

namespace {

struct Pair {
  std::string_view oci;
  std::string_view docker;
};

constexpr std::array kPairs = std::to_array<Pair>({
    {kIndex, kDockerIndex},
    {kManifest, kDockerManifest},
    {kConfig, kDockerConfig},
    {kLayer, kDockerLayer},
    {kLayerGzip, kDockerLayerGzip},
    {kLayerZstd, kDockerLayerZstd},
});

constexpr std::array kForeign = std::to_array<std::string_view>({
    "application/vnd.oci.image.layer.nondistributable.v1.tar",
    "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
    "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
    "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
});

}  // namespace

bool is_index(std::string_view type) noexcept {
  return type == kIndex || type == kDockerIndex;
}

bool is_manifest(std::string_view type) noexcept {
  return type == kManifest || type == kDockerManifest;
}

bool is_config(std::string_view type) noexcept {
  return type == kConfig || type == kDockerConfig;
}

bool is_layer(std::string_view type) noexcept {
  return type == kLayer || type == kLayerGzip || type == kLayerZstd ||
         type == kDockerLayer || type == kDockerLayerGzip ||
         type == kDockerLayerZstd || is_foreign_layer(type);
}

bool is_foreign_layer(std::string_view type) noexcept {
  return std::find(kForeign.begin(), kForeign.end(), type) !=
         kForeign.end();
}

std::string as_oci(std::string_view type) {
  for (const Pair& pair : kPairs)
    if (type == pair.docker) return std::string{pair.oci};
  return std::string{type};
}

std::string as_docker(std::string_view type) {
  for (const Pair& pair : kPairs)
    if (type == pair.oci) return std::string{pair.docker};
  return std::string{type};
}

}  // namespace dockwright::media
