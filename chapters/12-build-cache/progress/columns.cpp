#include "chapters/12-build-cache/progress/columns.hpp"

#include <array>
#include <cstdint>

namespace dockwright {

namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

/// Characters of two columns, by their blocks in Unicode.
constexpr std::array kWide = std::to_array<Range>({
    {0x1100, 0x115f},    // Hangul's beginnings
    {0x2e80, 0x303e},    // radicals, punctuation
    {0x3041, 0xa4cf},    // kana, ideographs, Yi
    {0xac00, 0xd7a3},    // Hangul
    {0xf900, 0xfaff},    // compatibility ideographs
    {0xfe30, 0xfe6f},    // their forms
    {0xff00, 0xff60},    // full-width letters
    {0xffe0, 0xffe6},    // and signs
    {0x1f300, 0x1f64f},  // emoji
    {0x1f680, 0x1f6ff},  // transport
    {0x1f900, 0x1f9ff},  // more of them
    {0x20000, 0x3fffd},  // rarer ideographs
});

constexpr std::array kNone = std::to_array<Range>({
    {0x300, 0x36f},    // accents
    {0x200b, 0x200f},  // nothing, and directions
    {0x20d0, 0x20ff},  // accents of symbols
    {0xfe00, 0xfe0f},  // which variant
    {0xfe20, 0xfe2f},  // halves of accents
});

template <std::size_t N>
bool holds(const std::array<Range, N>& ranges,
           std::uint32_t character) {
  for (const Range& range : ranges)
    if (character >= range.first && character <= range.last)
      return true;
  return false;
}

/// One character: its bytes and its columns.
struct Character {
  std::size_t bytes = 1;
  unsigned columns = 1;
};

Character character_at(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0xc2 || lead > 0xf4) return {};
  const std::size_t bytes = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (text.size() < bytes) return {};
  std::uint32_t character = lead & (0xffU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0U) != 0x80) return {};
    character = character << 6U | (byte & 0x3fU);
  }
  return {bytes, holds(kNone, character)   ? 0U
                 : holds(kWide, character) ? 2U
                                           : 1U};
}

/// The longest beginning of `text` that fits.
std::string_view beginning(std::string_view text, unsigned columns) {
  std::size_t size = 0;
  while (size < text.size()) {
    const Character next = character_at(text.substr(size));
    if (next.columns > columns) break;
    columns -= next.columns;
    size += next.bytes;
  }
  return text.substr(0, size);
}

}  // namespace

unsigned columns_of(std::string_view text) noexcept {
  unsigned columns = 0;
  while (!text.empty()) {
    const Character next = character_at(text);
    columns += next.columns;
    text.remove_prefix(next.bytes);
  }
  return columns;
}

std::string cut_to(std::string_view text, unsigned columns) {
  if (columns_of(text) <= columns) return std::string{text};
  constexpr std::string_view kMissing = "...";
  if (columns < 2 * kMissing.size())
    return std::string{beginning(text, columns)};
  const auto room = columns - static_cast<unsigned>(kMissing.size());
  return std::string{beginning(text, room)}.append(kMissing);
}

std::string justified(std::string_view left, std::string_view right,
                      unsigned columns) {
  const unsigned beside = columns_of(right) + 1;
  if (right.empty() || columns < 2 * beside)
    return cut_to(left, columns);
  std::string line = cut_to(left, columns - beside);
  line.append(columns - columns_of(line) - beside + 1, ' ');
  return line.append(right);
}

}  // namespace dockwright
