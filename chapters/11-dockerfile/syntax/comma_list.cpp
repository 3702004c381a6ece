#include "chapters/11-dockerfile/syntax/comma_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "common/check.hpp"

namespace dockwright {

namespace {

/// The next field, without its quotes; takes the comma along.
std::string next_field(std::string_view& rest) {
  std::string field;
  bool quoted = false;
  std::size_t at = 0;
  for (; at < rest.size() && (quoted || rest[at] != ','); ++at) {
    const bool quote = rest[at] == '"';
    const bool doubled =
        quoted && quote && at + 1 < rest.size() && rest[at + 1] == '"';
    if (quote && !doubled) {
      quoted = !quoted;
      continue;
    }
    field += rest[at];
    if (doubled) ++at;
  }
  if (quoted)
    throw Failure{fmt::format("a quote does not end in '{}'", rest)};
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return field;
}

}  // namespace

std::vector<CommaField> parse_comma_list(std::string_view text) {
  std::vector<CommaField> fields;
  while (!text.empty()) {
    const std::string field = next_field(text);
    const std::size_t equals = field.find('=');
    std::string key = field.substr(0, equals);
    std::transform(key.begin(), key.end(), key.begin(), [](char c) {
      return static_cast<char>(
          std::tolower(static_cast<unsigned char>(c)));
    });
    const bool given = equals != std::string::npos;
    fields.push_back({std::move(key),
                      given ? field.substr(equals + 1) : "", given,
                      field});
  }
  return fields;
}

bool switch_of(const CommaField& field) {
  const std::string& value = field.value;
  if (!field.given_value || value == "true" || value == "1" ||
      value == "True" || value == "TRUE" || value == "t")
    return true;
  if (value == "false" || value == "0" || value == "False" ||
      value == "FALSE" || value == "f")
    return false;
  throw Failure{
      fmt::format("invalid value for {}: {}", field.key, value)};
}

}  // namespace dockwright
