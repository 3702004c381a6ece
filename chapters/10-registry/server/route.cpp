#include "chapters/10-registry/server/route.hpp"

#include <algorithm>
#include <vector>

namespace dockwright::serve {

namespace {

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t slash = path.find('/');
    parts.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// What a path says behind the name: its kind, how many of its parts
/// that takes, and what is asked for.
struct Tail {
  Kind kind;
  std::size_t parts;
  std::string_view reference;
};

std::optional<Tail> tail_of(
    const std::vector<std::string_view>& parts) {
  if (parts.size() < 3) return std::nullopt;
  const std::string_view last = parts.back();
  const std::string_view before = parts[parts.size() - 2];
  const std::string_view third = parts[parts.size() - 3];
  if (before == "uploads" && third == "blobs")
    return Tail{Kind::upload, 3, last};
  if (before == "blobs" && last == "uploads")
    return Tail{Kind::upload, 2, ""};
  if (before == "tags" && last == "list")
    return Tail{Kind::tags, 2, ""};
  if (before == "manifests") return Tail{Kind::manifest, 2, last};
  if (before == "blobs") return Tail{Kind::blob, 2, last};
  return std::nullopt;
}

}  // namespace

//! [route]
std::optional<Route> Route::parse(std::string_view path) {
  constexpr std::string_view kBase = "/v2/";
  if (path == "/v2" || path == kBase) return Route{};
  if (!path.starts_with(kBase)) return std::nullopt;
  path.remove_prefix(kBase.size());
  if (path == "_catalog") return Route{.kind = Kind::catalog};
  const std::vector<std::string_view> parts = split(path);
  const auto tail = tail_of(parts);
  if (!tail || parts.size() <= tail->parts) return std::nullopt;
  std::string name;
  for (std::size_t i = 0; i + tail->parts < parts.size(); ++i)
    name += (i > 0 ? "/" : "") + std::string{parts[i]};
  auto repository = parse_repository(name);
  if (!repository) return std::nullopt;
  return Route{.kind = tail->kind,
               .name = std::move(name),
               .repository = std::move(repository),
               .reference = std::string{tail->reference}};
}
//! [route]

std::optional<Reference> parse_repository(std::string_view name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-' ||
           c == '/';
  });
  if (!plain) return std::nullopt;
  return Reference::try_parse(name, DefaultTag::none);
}

bool is_tag(std::string_view text) {
  constexpr std::size_t kLongest = 128;
  const auto may_stand = [](char c) {
    return is_letter_or_digit(c) || (c >= 'A' && c <= 'Z') ||
           c == '_' || c == '.' || c == '-';
  };
  return !text.empty() && text.size() <= kLongest &&
         text.front() != '.' && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), may_stand);
}

}  // namespace dockwright::serve
