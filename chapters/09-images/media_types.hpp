#pragma once
// What a blob is, in the words of the two families of formats: OCI's,
// and Docker's schema 2, from which it was made. They differ in these
// names alone.

#include <string>
#include <string_view>

namespace dockwright::media {

constexpr std::string_view kIndex =
    "application/vnd.oci.image.index.v1+json";
constexpr std::string_view kManifest =
    "application/vnd.oci.image.manifest.v1+json";
constexpr std::string_view kConfig =
    "application/vnd.oci.image.config.v1+json";
constexpr std::string_view kLayer =
    "application/vnd.oci.image.layer.v1.tar";
constexpr std::string_view kLayerGzip =
    "application/vnd.oci.image.layer.v1.tar+gzip";
constexpr std::string_view kLayerZstd =
    "application/vnd.oci.image.layer.v1.tar+zstd";
constexpr std::string_view kDockerIndex =
    "application/vnd.docker.distribution.manifest.list.v2+json";
constexpr std::string_view kDockerManifest =
    "application/vnd.docker.distribution.manifest.v2+json";
constexpr std::string_view kDockerConfig =
    "application/vnd.docker.container.image.v1+json";
constexpr std::string_view kDockerLayer =
    "application/vnd.docker.image.rootfs.diff.tar";
constexpr std::string_view kDockerLayerGzip =
    "application/vnd.docker.image.rootfs.diff.tar.gzip";
constexpr std::string_view kDockerLayerZstd =
    "application/vnd.docker.image.rootfs.diff.tar.zstd";

/// A list of images, one for each platform.
[[nodiscard]] bool is_index(std::string_view type) noexcept;
/// One image.
[[nodiscard]] bool is_manifest(std::string_view type) noexcept;
/// What to run, and how.
[[nodiscard]] bool is_config(std::string_view type) noexcept;
/// An archive of files, also one that may not be passed on ("foreign").
[[nodiscard]] bool is_layer(std::string_view type) noexcept;
/// A layer that its maker's server alone may give away.
[[nodiscard]] bool is_foreign_layer(std::string_view type) noexcept;
/// The same thing in OCI's words, and in Docker's; what has no name
/// there stays as it is.
[[nodiscard]] std::string as_oci(std::string_view type);
[[nodiscard]] std::string as_docker(std::string_view type);

}  // namespace dockwright::media
