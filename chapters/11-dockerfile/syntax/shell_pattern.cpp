#include "chapters/11-dockerfile/syntax/shell_pattern.hpp"

#include <algorithm>

#include "common/check.hpp"

namespace dockwright {

namespace {

/// Whether a byte goes on with a letter that was begun before (UTF-8).
bool goes_on(std::string_view text, std::size_t at) {
  return at < text.size() &&
         (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

/// The place behind the letter at `at`.
std::size_t behind_letter(std::string_view text, std::size_t at) {
  ++at;
  while (goes_on(text, at)) ++at;
  return at;
}

/// From each of `places`, rising, the place behind a mirrored letter.
std::vector<std::size_t> letters_from_behind(
    std::string_view mirror, const std::vector<std::size_t>& places) {
  std::vector<std::size_t> next;
  for (std::size_t at : places) {
    while (goes_on(mirror, at)) ++at;
    if (at < mirror.size() && (next.empty() || next.back() < at + 1))
      next.push_back(at + 1);
  }
  return next;
}

std::string reversed(std::string_view text) {
  return {text.rbegin(), text.rend()};
}

}  // namespace

ShellPattern::ShellPattern(std::string_view text, char escape) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '*') {
      // Two of them mean what one means.
      if (items_.empty() || items_.back().kind != Kind::any_text)
        items_.push_back({Kind::any_text, c});
    } else if (c == '?') {
      items_.push_back({Kind::any_letter, c});
    } else if (c == escape) {
      ++i;
      constexpr std::string_view kSpecial = "*?}/";
      if (i == text.size() ||
          (text[i] != escape &&
           kSpecial.find(text[i]) == std::string_view::npos))
        throw Failure{fmt::format(
            "invalid pattern ({}) in substitution: invalid escape '{}'",
            text, text.substr(i - 1, 2))};
      items_.push_back({Kind::letter, text[i]});
    } else {
      items_.push_back({Kind::letter, c});
    }
  }
}

/// From each of `places`, rising, the places behind one item.
ShellPattern::Places ShellPattern::step(const Item& item,
                                        std::string_view value,
                                        const Places& places) {
  Places next;
  if (item.kind == Kind::any_text) {
    for (std::size_t at = places.front(); at <= value.size(); ++at)
      if (!goes_on(value, at)) next.push_back(at);
    return next;
  }
  for (const std::size_t at : places) {
    if (at >= value.size()) break;
    if (item.kind == Kind::letter) {
      if (value[at] == item.letter) next.push_back(at + 1);
    } else {
      const std::size_t behind = behind_letter(value, at);
      if (next.empty() || next.back() < behind) next.push_back(behind);
    }
  }
  return next;
}

/// Where what matches from `begin` on may end, rising.
ShellPattern::Places ShellPattern::ends(const std::vector<Item>& items,
                                        std::string_view value,
                                        std::size_t begin) {
  Places places{begin};
  for (const Item& item : items) {
    places = step(item, value, places);
    if (places.empty()) break;
  }
  return places;
}

std::string ShellPattern::without_prefix(std::string_view value,
                                         Length length) const {
  const Places places = ends(items_, value, 0);
  if (places.empty()) return std::string{value};
  return std::string{value.substr(
      length == Length::longest ? places.back() : places.front())};
}

/// The same from behind: `value` is mirrored, and so are the bytes of a
/// letter that has several, of which the first comes last.
std::string ShellPattern::without_suffix(std::string_view value,
                                         Length length) const {
  const std::string mirror = reversed(value);
  Places places{0};
  for (auto item = items_.rbegin(); item != items_.rend(); ++item) {
    places = item->kind == Kind::any_letter
                 ? letters_from_behind(mirror, places)
                 : step(*item, mirror, places);
    if (places.empty()) return std::string{value};
  }
  const std::size_t size =
      length == Length::longest ? places.back() : places.front();
  return std::string{value.substr(0, value.size() - size)};
}

std::optional<ShellPattern::Match> ShellPattern::find(
    std::string_view value, std::size_t begin) const {
  const auto star = std::find_if(
      items_.begin(), items_.end(),
      [](const Item& item) { return item.kind == Kind::any_text; });
  const std::vector<Item> head{items_.begin(), star};
  const std::vector<Item> tail{star, items_.end()};
  for (; begin <= value.size(); begin = behind_letter(value, begin)) {
    const Places heads = ends(head, value, begin);
    if (heads.empty()) continue;
    const Places tails = ends(tail, value, heads.front());
    // A star reaches all that a later one would reach.
    if (tails.empty()) return std::nullopt;
    return Match{.begin = begin, .end = tails.back()};
  }
  return std::nullopt;
}

std::string ShellPattern::replaced(std::string_view value,
                                   std::string_view by,
                                   Times times) const {
  std::string result;
  std::size_t copied = 0;
  std::size_t from = 0;
  std::optional<std::size_t> last_end;
  while (from <= value.size()) {
    const auto match = find(value, from);
    if (!match) break;
    const bool empty = match->begin == match->end;
    if (!empty || last_end != match->end) {
      result += value.substr(copied, match->begin - copied);
      result += by;
      copied = match->end;
      last_end = match->end;
      if (times == Times::first) break;
    }
    from = empty ? behind_letter(value, match->end) : match->end;
  }
  if (copied < value.size()) result += value.substr(copied);
  return result;
}

}  // namespace dockwright
