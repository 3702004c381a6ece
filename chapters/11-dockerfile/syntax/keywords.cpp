#include "chapters/11-dockerfile/syntax/keywords.hpp"

#include <array>

namespace dockwright {

namespace {

/// In the order of the enumeration.
constexpr std::array<std::string_view, 18> kNames = {
    "ADD",    "ARG",   "CMD",         "COPY",  "ENTRYPOINT", "ENV",
    "EXPOSE", "FROM",  "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD",
    "RUN",    "SHELL", "STOPSIGNAL",  "USER",  "VOLUME",     "WORKDIR"};

static_assert(kNames[static_cast<std::size_t>(Keyword::workdir)] ==
              "WORKDIR");

}  // namespace

std::string upper_case(std::string_view text) {
  std::string result{text};
  for (char& c : result)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return result;
}

std::string lower_case(std::string_view text) {
  std::string result{text};
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

std::optional<Keyword> find_keyword(std::string_view word) {
  const std::string name = upper_case(word);
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (kNames[i] == name) return static_cast<Keyword>(i);
  return std::nullopt;
}

std::string_view name_of(Keyword keyword) {
  return kNames[static_cast<std::size_t>(keyword)];
}

std::vector<std::string> keyword_names() {
  return {kNames.begin(), kNames.end()};
}

std::vector<KnownFlag> known_flags(Keyword keyword) {
  using Kind = FlagKind;
  switch (keyword) {
    case Keyword::add:
      return {{"checksum"},
              {"chmod"},
              {"chown"},
              {"exclude", Kind::several},
              {"keep-git-dir", Kind::flip},
              {"link", Kind::flip},
              {"unpack", Kind::flip}};
    case Keyword::copy:
      return {{"chmod"},
              {"chown"},
              {"exclude", Kind::several},
              {"from"},
              {"link", Kind::flip},
              {"parents", Kind::flip}};
    case Keyword::from:
      return {{"platform"}};
    case Keyword::healthcheck:
      return {{"interval"},
              {"retries"},
              {"start-interval"},
              {"start-period"},
              {"timeout"}};
    case Keyword::run:
      return {{"device", Kind::several},
              {"mount", Kind::several},
              {"network"},
              {"security"}};
    default:
      return {};
  }
}

}  // namespace dockwright
