#include "chapters/11-dockerfile/copy/glob.hpp"

#include <algorithm>

#include "common/check.hpp"

namespace dockwright {

namespace {

/// What is no UTF-8 is a character of its own, one for each byte.
constexpr std::uint32_t kByte = 0x110000;

/// The first character of `text`, taken from it.
std::uint32_t take_character(std::string_view& text) {
  const auto byte = [&](std::size_t at) {
    return static_cast<unsigned char>(text[at]);
  };
  const std::uint32_t first = byte(0);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xc2 ? 0
                             : first < 0xe0 ? 2
                             : first < 0xf0 ? 3
                             : first < 0xf5 ? 4
                                            : 0;
  std::uint32_t character =
      length < 2 ? first : first & (0x7fU >> length);
  bool whole = length > 0 && length <= text.size();
  for (std::size_t at = 1; whole && at < length; ++at) {
    whole = (byte(at) & 0xc0U) == 0x80;
    character = character << 6U | (byte(at) & 0x3fU);
  }
  text.remove_prefix(whole ? length : 1);
  return whole ? character : kByte + first;
}

[[noreturn]] void refuse(std::string_view pattern) {
  throw Failure{fmt::format("syntax error in pattern: {:?}", pattern)};
}

}  // namespace

bool has_wildcard(std::string_view path) noexcept {
  return path.find_first_of("*?[\\") != std::string_view::npos;
}

Glob::Glob(std::string_view pattern, Stars stars) : stars_{stars} {
  for (std::string_view rest = pattern; !rest.empty();) {
    Token token;
    switch (rest.front()) {
      case '*':
        read_stars(rest);
        continue;
      case '[':
        rest.remove_prefix(1);
        read_set(pattern, rest);
        continue;
      case '?':
        rest.remove_prefix(1);
        token.kind = Token::Kind::any;
        break;
      case '\\':
        rest.remove_prefix(1);
        if (rest.empty()) refuse(pattern);
        [[fallthrough]];
      default:
        token.character = take_character(rest);
    }
    tokens_.push_back(std::move(token));
  }
}

void Glob::read_stars(std::string_view& rest) {
  const auto eat = [&](char wanted) {
    const bool there = rest.starts_with(wanted);
    if (there) rest.remove_prefix(1);
    return there;
  };
  eat('*');
  Token token{.kind = Token::Kind::stars};
  if (stars_ == Stars::two && eat('*')) {
    eat('/');
    token.kind = rest.empty() ? Token::Kind::all : Token::Kind::climb;
  }
  const bool climbs = token.kind == Token::Kind::climb;
  tokens_.push_back(std::move(token));
  if (climbs) tokens_.push_back({.kind = Token::Kind::climbing});
}

void Glob::read_set(std::string_view pattern, std::string_view& rest) {
  Token token{.kind = Token::Kind::set};
  if (rest.starts_with('^')) {
    token.negated = true;
    rest.remove_prefix(1);
  }
  const auto bound = [&] {
    if (rest.empty() || rest.front() == '-' || rest.front() == ']')
      refuse(pattern);
    if (rest.front() == '\\') rest.remove_prefix(1);
    if (rest.empty()) refuse(pattern);
    return take_character(rest);
  };
  do {
    const std::uint32_t low = bound();
    std::uint32_t high = low;
    if (rest.starts_with('-')) {
      rest.remove_prefix(1);
      high = bound();
    }
    token.ranges.emplace_back(low, high);
    if (rest.empty()) refuse(pattern);
  } while (!rest.starts_with(']'));
  rest.remove_prefix(1);
  tokens_.push_back(std::move(token));
}

bool Glob::Token::takes(std::uint32_t other) const {
  if (kind == Kind::character) return other == character;
  if (other == '/') return false;
  if (kind == Kind::any) return true;
  const bool in =
      std::any_of(ranges.begin(), ranges.end(), [&](const auto& range) {
        return range.first <= other && other <= range.second;
      });
  return in != negated;
}

/// Where a star may stand for nothing, we are behind it as well.
void Glob::spread(Places& places) const {
  for (std::size_t at = 0; at < tokens_.size(); ++at) {
    if (!places[at]) continue;
    const Token::Kind kind = tokens_[at].kind;
    if (kind == Token::Kind::stars || kind == Token::Kind::all)
      places[at + 1] = true;
    if (kind == Token::Kind::climb)
      places[at + 1] = places[at + 2] = true;
  }
}

void Glob::step(std::uint32_t character, Places& places,
                Places& next) const {
  std::fill(next.begin(), next.end(), false);
  for (std::size_t at = 0; at < tokens_.size(); ++at) {
    if (!places[at]) continue;
    switch (tokens_[at].kind) {
      case Token::Kind::stars:
        if (character != '/') next[at] = true;
        break;
      case Token::Kind::all:
        next[at] = true;
        break;
      case Token::Kind::climb:
        break;  // it has only led on
      case Token::Kind::climbing:
        next[at] = true;
        if (character == '/') next[at + 1] = true;
        break;
      default:
        if (tokens_[at].takes(character)) next[at + 1] = true;
    }
  }
  spread(next);
  places.swap(next);
}

Glob::Reach Glob::reach(std::string_view path) const {
  Places places(tokens_.size() + 1);
  Places next(tokens_.size() + 1);
  places[0] = true;
  spread(places);
  Reach reach;
  for (std::string_view rest = path; !rest.empty();) {
    if (rest.front() == '/' && places.back()) reach.above = true;
    step(take_character(rest), places, next);
  }
  reach.it = places.back();
  step('/', places, next);
  reach.below =
      std::find(places.begin(), places.end(), true) != places.end();
  return reach;
}

bool Glob::matches(std::string_view path) const {
  return reach(path).it;
}

}  // namespace dockwright
