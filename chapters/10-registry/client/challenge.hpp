#pragma once
// What a registry asks for before it answers (RFC 9110, 11.6.1):
//
//     WWW-Authenticate: Bearer realm="https://auth.example/token",
//                       service="registry.example",scope="…:pull"
//
// The header may hold several challenges, and commas stand between
// them as they stand between the parameters of one.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright {

/// One way to prove who one is.
struct Challenge {
  std::string scheme{};  ///< In small letters: `basic`, `bearer`.
  /// By name in small letters; the values unquoted.
  std::map<std::string, std::string> parameters{};
  bool operator==(const Challenge&) const = default;

  /// A parameter; empty where there is none.
  [[nodiscard]] std::string parameter(const std::string& name) const;
};

/// All challenges of a header's value. What cannot be read is left out:
/// a challenge that we do not understand is one that we do not answer.
[[nodiscard]] std::vector<Challenge> parse_challenges(
    std::string_view header);

}  // namespace dockwright
