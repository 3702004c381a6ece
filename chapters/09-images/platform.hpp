#pragma once
// For which machines an image is: `linux/amd64`, `linux/arm64/v8`. The
// names are Go's, and not those of uname(1): x86_64 is amd64, aarch64
// is arm64. A variant is a generation of one architecture; a machine
// runs its own and the older ones.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/json.hpp"

namespace dockwright {

/// An operating system and a processor. Empty where nothing was said.
struct Platform {
  std::string os{};
  std::string architecture{};
  std::string variant{};
  std::string os_version{};
  std::vector<std::string> os_features{};
  bool operator==(const Platform&) const = default;

  /// Reads `OS/ARCHITECTURE[/VARIANT]`, or an architecture alone; other
  /// names of an architecture are understood. @throws Failure
  [[nodiscard]] static Platform parse(std::string_view text);
  /// This machine's.
  [[nodiscard]] static Platform of_this_machine();
  /// From the object of a descriptor.
  [[nodiscard]] static Platform from_json(const JsonNode& node);
  [[nodiscard]] nlohmann::ordered_json to_json() const;
  /// `linux/arm64/v8`
  [[nodiscard]] std::string str() const;
};

/// How well a machine that is `wanted` runs what was made for
/// `offered`: 0 not at all; the larger, the better.
[[nodiscard]] int platform_match(const Platform& wanted,
                                 const Platform& offered);

}  // namespace dockwright
