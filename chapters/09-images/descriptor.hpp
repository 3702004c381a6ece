#pragma once
// A descriptor points at a blob: what it is, how many bytes, and their
// digest. Everything in an image hangs together by descriptors, from
// the index down to the layers, so whoever knows the first digest can
// check all the rest.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chapters/09-images/platform.hpp"
#include "common/digest.hpp"

namespace dockwright {

/// What a descriptor says. A blob that is longer or shorter, or has
/// another digest, is not the one that was meant.
struct Descriptor {
  std::string media_type{};
  Digest digest;
  std::uint64_t size = 0;
  std::vector<std::string> urls{};
  std::map<std::string, std::string> annotations{};
  std::optional<Platform> platform{};
  std::string others{};  ///< What else stands there, as JSON.
  bool operator==(const Descriptor&) const = default;

  /// The descriptor of these bytes.
  [[nodiscard]] static Descriptor of(std::string_view media_type,
                                     std::string_view bytes);
  /// @throws Failure with the document's name and the path
  [[nodiscard]] static Descriptor from_json(const JsonNode& node);
  [[nodiscard]] nlohmann::ordered_json to_json() const;
};

/// Reads a digest, or refuses the value. @throws Failure
[[nodiscard]] Digest digest_from_json(const JsonNode& node);

}  // namespace dockwright
