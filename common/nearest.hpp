#pragma once
// "Did you mean …?" An error about a word that is not known helps more when it names the one that was meant.

#include <span>
#include <string>
#include <string_view>

namespace dockwright {

/// The word of `known` that is nearest to `word`: at most two letters changed, added or removed; further away
/// it would be a guess. Empty when none is that near.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string> known);

/// `; did you mean NEAREST?`, or nothing: the end of a sentence about an unknown word.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string> known);

}  // namespace dockwright
