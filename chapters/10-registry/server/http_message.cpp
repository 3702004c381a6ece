#include "chapters/10-registry/server/http_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace dockwright::http {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

/// `text` with every %XX as the byte that it stands for. What decodes
/// to a control character is no name of anything here, and a NUL would
/// end the text for some and not for others.
std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (is_control(c)) return std::nullopt;
    decoded += c;
  }
  return decoded;
}

std::optional<std::string> first_of(const Fields& fields,
                                    std::string_view name) {
  for (const auto& [key, value] : fields)
    if (key == name) return value;
  return std::nullopt;
}

}  // namespace

std::optional<Target> Target::parse(std::string_view text) {
  const std::size_t mark = std::min(text.find('?'), text.size());
  auto path = percent_decode(text.substr(0, mark));
  if (!path || !path->starts_with('/')) return std::nullopt;
  Target target{.path = *std::move(path)};
  std::string_view rest = text.substr(std::min(mark + 1, text.size()));
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = percent_decode(pair.substr(0, equals));
    auto value =
        percent_decode(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value) return std::nullopt;
    target.query.emplace_back(*std::move(name), *std::move(value));
  }
  return target;
}

std::optional<std::string> Target::find(std::string_view name) const {
  return first_of(query, name);
}

std::optional<std::string> Request::header(
    std::string_view name) const {
  std::optional<std::string> all;
  for (const auto& [key, value] : headers)
    if (key == name) all = all ? *all + ", " + value : value;
  return all;
}

std::optional<std::string> Request::parameter(
    std::string_view name) const {
  return first_of(query, name);
}

RangeAsked parse_range(std::string_view header, std::uint64_t size) {
  using Kind = RangeAsked::Kind;
  constexpr std::string_view kUnit = "bytes=";
  if (!header.starts_with(kUnit)) return {};
  header.remove_prefix(kUnit.size());
  const std::size_t dash = header.find('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view from = header.substr(0, dash);
  const std::string_view to = header.substr(dash + 1);
  const auto last = parse_number(to);
  if (!to.empty() && !last) return {};
  if (from.empty()) {  // `-N`: the last N bytes
    if (!last) return {};
    if (*last == 0 || size == 0) return {.kind = Kind::beyond};
    return {
        .kind = Kind::part,
        .range = {.first = size - std::min(*last, size), .end = size}};
  }
  const auto first = parse_number(from);
  if (!first || (last && *last < *first)) return {};
  if (*first >= size) return {.kind = Kind::beyond};
  const std::uint64_t end = last ? std::min(*last, size - 1) + 1 : size;
  return {.kind = Kind::part, .range = {.first = *first, .end = end}};
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '9')
    return std::nullopt;
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (stop != end || error != std::errc{}) return std::nullopt;
  return number;
}

std::string percent_encode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
        (c >= '0' && c <= '9') ||
        std::string_view{"-._~/"}.find(c) != std::string_view::npos;
    if (plain)
      encoded += c;
    else
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

std::string lower_case(std::string_view text) {
  std::string lower{text};
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

}  // namespace dockwright::http
