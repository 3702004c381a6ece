#include "chapters/09-images/field_format.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "common/check.hpp"
#include "common/terminal.hpp"

namespace dockwright {

using Json = nlohmann::ordered_json;

/// Text, an expression (its words), or a range with what it repeats.
struct FieldFormat::Part {
  std::string text{};
  std::vector<std::string> words{};
  std::vector<Part> repeated{};
};

namespace {

using Parts = std::vector<FieldFormat::Part>;

constexpr std::size_t kDeepestRange = 8;

[[noreturn]] void refuse(std::string_view what,
                         const std::string& why) {
  throw Failure{fmt::format("--format '{}': {}", what, why)};
}

/// A string in quotes at the beginning of `text`, which is then gone.
std::string take_string(std::string_view& text, std::string_view all) {
  std::string value = "\"";
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    if (c != '\\') {
      value += c;
    } else if (++i < text.size()) {
      value += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i];
    }
  }
  refuse(all, "a string has no end");
}

/// `join .RepoTags ", "` as words; a string begins with its quote.
std::vector<std::string> split_words(std::string_view text,
                                     std::string_view all) {
  std::vector<std::string> words;
  for (;;) {
    text.remove_prefix(
        std::min(text.find_first_not_of(" \t"), text.size()));
    if (text.empty()) return words;
    if (text.front() == '"') {
      words.push_back(take_string(text, all));
      continue;
    }
    const std::string_view word =
        text.substr(0, text.find_first_of(" \t\""));
    words.emplace_back(word);
    text.remove_prefix(word.size());
  }
}

/// Text as it was typed: in a shell's quotes `\t` and `\n` are two
/// letters each, and Docker takes them for what they mean.
std::string unescape(std::string_view text) {
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped = text[i] == '\\' && i + 1 < text.size();
    if (escaped && text[i + 1] == 't')
      value += '\t', ++i;
    else if (escaped && text[i + 1] == 'n')
      value += '\n', ++i;
    else
      value += text[i];
  }
  return value;
}

/// Reads parts up to the end, or to the `end` of a range.
Parts parse(std::string_view& rest, std::string_view all,
            std::size_t depth) {
  if (depth > kDeepestRange)
    refuse(all, "too many ranges in each other");
  Parts parts;
  while (!rest.empty()) {
    const std::size_t open = std::min(rest.find("{{"), rest.size());
    if (open > 0)
      parts.push_back({.text = unescape(rest.substr(0, open))});
    rest.remove_prefix(open);
    if (rest.empty()) break;
    const std::size_t close = rest.find("}}");
    if (close == std::string_view::npos)
      refuse(all, "`{{` without its `}}`");
    auto words = split_words(rest.substr(2, close - 2), all);
    rest.remove_prefix(close + 2);
    if (words.empty()) refuse(all, "nothing between the braces");
    if (words.front() == "end") {
      if (depth == 0) refuse(all, "`end` without a `range`");
      return parts;
    }
    FieldFormat::Part part{.words = std::move(words)};
    if (part.words.front() == "range")
      part.repeated = parse(rest, all, depth + 1);
    parts.push_back(std::move(part));
  }
  if (depth > 0) refuse(all, "`range` without its `end`");
  return parts;
}

/// A value as Go prints it: `[a b]`, `map[key:value]`. What an image
/// says of itself must not steer the reader's terminal.
std::string printed(const Json& value) {
  std::string text;
  if (value.is_string())
    return terminal::without_controls(value.get<std::string>());
  if (value.is_null()) return "<nil>";
  if (value.is_array()) {
    for (const Json& item : value)
      text += (text.empty() ? "" : " ") + printed(item);
    return "[" + text + "]";
  }
  if (value.is_object()) {
    for (const auto& [key, item] : value.items())
      text += (text.empty() ? "" : " ") + key + ":" + printed(item);
    return "map[" + text + "]";
  }
  return value.dump();
}

/// `.Config.Env` in `document`.
const Json& field(const Json& document, std::string_view path) {
  const Json* value = &document;
  std::string_view rest = path.substr(1);
  while (!rest.empty()) {
    const std::string_view name = rest.substr(0, rest.find('.'));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    if (!value->is_object() || !value->contains(name)) {
      std::string known;
      if (value->is_object())
        for (const auto& [key, item] : value->items())
          known += " ." + key;
      refuse(fmt::format("{{{{{}}}}}", path),
             fmt::format("there is no field {}{}", name,
                         known.empty() ? "" : "; there are" + known));
    }
    value = &(*value)[std::string{name}];
  }
  return *value;
}

/// What a word stands for: a field, a string or a number.
Json operand(const Json& document, const std::string& word) {
  if (word.starts_with('.')) return field(document, word);
  if (word.starts_with('"')) return word.substr(1);
  std::uint64_t number = 0;
  const auto [stop, error] =
      std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || stop != word.data() + word.size())
    refuse(word, "a field such as .Id, a \"string\" or a number");
  return number;
}

std::string joined(const Json& list, const std::string& separator) {
  std::string text;
  for (const Json& item : list)
    text += (text.empty() ? "" : separator) + printed(item);
  return text;
}

Json element(const Json& container, const Json& key) {
  if (container.is_array() && key.is_number_unsigned()) {
    const auto place = key.get<std::size_t>();
    if (place < container.size()) return container[place];
  }
  if (container.is_object() && key.is_string())
    if (const auto found = container.find(key.get<std::string>());
        found != container.end())
      return *found;
  refuse("index", fmt::format("there is no element {}", key.dump()));
}

std::string with_case(std::string text, bool upper) {
  for (char& c : text)
    if (upper ? (c >= 'a' && c <= 'z') : (c >= 'A' && c <= 'Z'))
      c = static_cast<char>(c ^ 0x20);
  return text;
}

/// A function of one or two operands.
std::string call(const std::string& name,
                 const std::vector<Json>& given) {
  const std::size_t count = given.size();
  if (name == "json" && count == 1) return given[0].dump();
  if (name == "println" && count == 1) return printed(given[0]) + "\n";
  if (name == "len" && count == 1)
    return std::to_string(given[0].is_string()
                              ? given[0].get<std::string>().size()
                              : given[0].size());
  if ((name == "lower" || name == "upper") && count == 1)
    return with_case(printed(given[0]), name == "upper");
  if (name == "index" && count == 2)
    return printed(element(given[0], given[1]));
  if (name == "join" && count == 2)
    return joined(given[0], printed(given[1]));
  refuse(
      name,
      "known are json, join, index, len, lower, upper, println (of as "
      "many values as they take), and range");
}

std::string text_of(const Parts& parts, const Json& document) {
  std::string text;
  for (const FieldFormat::Part& part : parts) {
    text += part.text;
    if (part.words.empty()) continue;
    const std::string& first = part.words.front();
    if (part.words.size() == 1 && first.starts_with('.')) {
      text += printed(field(document, first));
      continue;
    }
    std::vector<Json> given;
    for (std::size_t i = 1; i < part.words.size(); ++i)
      given.push_back(operand(document, part.words[i]));
    if (first == "range" && given.size() == 1)
      for (const Json& item : given[0])
        text += text_of(part.repeated, item);
    else
      text += call(first, given);
  }
  return text;
}

}  // namespace

FieldFormat::FieldFormat(std::string_view text) {
  std::string_view rest = text;
  parts_ = parse(rest, text, 0);
}

FieldFormat::~FieldFormat() = default;
FieldFormat::FieldFormat(FieldFormat&&) noexcept = default;

std::string FieldFormat::of(const Json& document) const {
  return text_of(parts_, document);
}

}  // namespace dockwright
