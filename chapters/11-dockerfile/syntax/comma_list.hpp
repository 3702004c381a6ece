#pragma once
// Lists of `key=value` between commas, as `--mount`, `--secret` and
// `--output` have them. A field in quotes may hold commas: `"a,b"`; a
// quote within is doubled (RFC 4180).

#include <string>
#include <string_view>
#include <vector>

namespace dockwright {

struct CommaField {
  std::string key{};  ///< Lower-case.
  std::string value{};
  bool given_value = false;  ///< There was an equals sign.
  std::string text{};        ///< As it was written.
};

/// @throws Failure when a quote does not end
[[nodiscard]] std::vector<CommaField> parse_comma_list(
    std::string_view text);

/// What a switch says: `true`, `1`, or nothing behind it.
/// @throws Failure in BuildKit's words
[[nodiscard]] bool switch_of(const CommaField& field);

}  // namespace dockwright
