#pragma once
// A manifest is one image: its config, and its layers from the lowest
// up. An index (Docker: manifest list) is a choice between manifests,
// one for each platform. Both are JSON, and a registry names their type
// in a header as well. A document that can be read as either would be
// one image to a scanner and another to the machine that runs it
// (CVE-2021-41190), so three things must agree: the type that was
// announced, the type that the document says, and its shape.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "chapters/09-images/descriptor.hpp"

namespace dockwright {

/// One image.
struct Manifest {
  std::string media_type{};  ///< OCI's or Docker's.
  std::string artifact_type{};
  Descriptor config;
  std::vector<Descriptor> layers{};  ///< The lowest first.
  std::optional<Descriptor> subject{};
  std::map<std::string, std::string> annotations{};
  std::string others{};  ///< What else stands there, as JSON.
  bool operator==(const Manifest&) const = default;

  /// The same manifest, the same bytes.
  [[nodiscard]] std::string to_json() const;
};

/// Images for several platforms, or whatever else an index lists.
struct Index {
  std::string media_type{};
  std::string artifact_type{};
  std::vector<Descriptor> manifests{};
  std::optional<Descriptor> subject{};
  std::map<std::string, std::string> annotations{};
  std::string others{};
  bool operator==(const Index&) const = default;

  [[nodiscard]] std::string to_json() const;
  /// The manifest for `wanted`: of this very platform, or else of the
  /// nearest older generation. @throws Failure that lists what there is
  [[nodiscard]] const Descriptor& choose(const Platform& wanted) const;
};

using ManifestOrIndex = std::variant<Manifest, Index>;

/// Reads either. `name` is what messages call the document;
/// `announced` is the type by which it was found, empty where none was.
/// @throws Failure
[[nodiscard]] ManifestOrIndex parse_manifest_or_index(
    std::string name, std::string_view text,
    std::string_view announced = "", const JsonLimits& limits = {});

/// Reads one of the two, and refuses the other. @throws Failure
[[nodiscard]] Manifest parse_manifest(std::string name,
                                      std::string_view text,
                                      std::string_view announced = "");
[[nodiscard]] Index parse_index(std::string name, std::string_view text,
                                std::string_view announced = "",
                                const JsonLimits& limits = {});

}  // namespace dockwright
