#pragma once
// Blanks, as the language has them.

#include <string_view>

namespace dockwright {

constexpr std::string_view kBlanks = " \t\v\f\r\n";

[[nodiscard]] constexpr bool is_blank(char c) noexcept {
  return kBlanks.find(c) != std::string_view::npos;
}

[[nodiscard]] constexpr std::string_view trim_left(
    std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(kBlanks);
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first);
}

[[nodiscard]] constexpr std::string_view trim(
    std::string_view text) noexcept {
  text = trim_left(text);
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

}  // namespace dockwright
