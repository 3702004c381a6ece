#include "chapters/09-images/index_scan.hpp"

#include <array>

namespace dockwright {

namespace {

/// The place behind the string that begins at `at`.
std::size_t past_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    at = text.find_first_of("\"\\", at);
    if (at == std::string_view::npos) break;
    if (text[at] == '"') return at + 1;
    ++at;  // what is escaped is not looked at
  }
  return text.size();
}

}  // namespace

std::optional<std::string_view> entry_around(std::string_view text,
                                             std::size_t place) {
  constexpr std::size_t kEntry = 2;  // the index, and what is in it
  std::array<std::size_t, 3> begins{};
  std::size_t depth = 0;
  bool met = false;
  for (std::size_t at = 0; at < text.size();) {
    at = text.find_first_of("\"{}", at);
    if (at == std::string_view::npos) break;
    if (text[at] == '"') {
      const std::size_t end = past_string(text, at);
      if (at <= place && place < end) {
        if (depth != begins.size()) return std::nullopt;
        met = true;
      }
      at = end;
      continue;
    }
    if (text[at] == '{') {
      if (depth < begins.size()) begins[depth] = at;
      ++depth;
    } else {
      if (depth == 0) break;
      if (met && depth == kEntry)
        return text.substr(begins[1], at + 1 - begins[1]);
      --depth;
    }
    ++at;
  }
  return std::nullopt;
}

}  // namespace dockwright
