#include "chapters/11-dockerfile/syntax/arguments.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "chapters/11-dockerfile/syntax/blanks.hpp"
#include "chapters/11-dockerfile/syntax/dockerfile_error.hpp"
#include "chapters/11-dockerfile/syntax/keywords.hpp"
#include "chapters/11-dockerfile/syntax/words.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

std::string name_in(const Instruction& instruction) {
  return std::string{name_of(instruction.keyword)};
}

void need_one(const Instruction& instruction) {
  if (instruction.rest.empty())
    throw Failure{fmt::format("{} requires at least one argument",
                              name_of(instruction.keyword))};
}

/// `["a", "b"]`; nothing for what is no JSON list: that is a line for
/// the shell, even where it begins with a bracket.
std::optional<std::vector<std::string>> json_list(
    std::string_view text) {
  if (!text.starts_with('[')) return std::nullopt;
  const auto list = nlohmann::json::parse(text, nullptr, false);
  if (!list.is_array()) return std::nullopt;
  std::vector<std::string> items;
  for (const auto& item : list) {
    if (!item.is_string())
      throw Failure{
          "when using JSON array syntax, arrays must be comprised of "
          "strings only"};
    items.push_back(item.get<std::string>());
  }
  return items;
}

/// A list, or else one word: the rest.
void read_command(Instruction& instruction) {
  if (auto items = json_list(instruction.rest)) {
    instruction.json = true;
    instruction.words = std::move(*items);
  } else if (!instruction.rest.empty()) {
    instruction.words = {instruction.rest};
  }
}

/// A list, or else the words between blanks.
void read_list(Instruction& instruction) {
  if (auto items = json_list(instruction.rest)) {
    instruction.json = true;
    instruction.words = std::move(*items);
  } else {
    instruction.words = plain_words(instruction.rest);
  }
}

void read_copy(Instruction& instruction) {
  read_list(instruction);
  const std::string name = name_in(instruction);
  if (instruction.words.empty())
    throw Failure{name + " requires at least one argument"};
  if (instruction.words.size() < 2)
    throw Failure{name +
                  " requires at least two arguments, but only one was "
                  "provided. Destination could not be determined"};
  if (!instruction.json && heredoc_of(instruction.words.back()))
    throw Failure{name + " cannot accept a heredoc as a destination"};
}

Pair pair_of(const std::string& word, const std::string& keyword) {
  const std::size_t equals = word.find('=');
  if (equals == 0) throw Failure{keyword + " names can not be blank"};
  if (equals == std::string::npos)
    return {.name = word, .value = "", .given_value = false};
  return {.name = word.substr(0, equals),
          .value = word.substr(equals + 1)};
}

/// `A=1 B=2`, or `A one value`.
void read_pairs(Instruction& instruction, char escape) {
  need_one(instruction);
  const std::string keyword = name_in(instruction);
  const auto words = quoted_words(instruction.rest, escape);
  if (words.empty() || words.front().find('=') == std::string::npos) {
    const std::string_view rest = instruction.rest;
    const std::size_t blank = rest.find_first_of(kBlanks);
    if (blank == std::string_view::npos)
      throw Failure{keyword + " must have two arguments"};
    instruction.old_form = true;
    instruction.pairs = {
        {.name = std::string{rest.substr(0, blank)},
         .value = std::string{trim_left(rest.substr(blank))}}};
    return;
  }
  for (const std::string& word : words) {
    if (word.find('=') == std::string::npos)
      throw Failure{fmt::format(
          "Syntax error - can't find = in {:?}. Must be of the form: "
          "name=value",
          word)};
    instruction.pairs.push_back(pair_of(word, keyword));
  }
}

void read_names(Instruction& instruction, char escape) {
  need_one(instruction);
  for (const std::string& word : quoted_words(instruction.rest, escape))
    instruction.pairs.push_back(pair_of(word, name_in(instruction)));
}

bool is_stage_name(std::string_view name) {
  const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
  return !name.empty() && is_small(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) {
           return is_small(c) || (c >= '0' && c <= '9') || c == '-' ||
                  c == '_' || c == '.';
         });
}

void read_from(Instruction& instruction) {
  instruction.words = plain_words(instruction.rest);
  const auto& words = instruction.words;
  if (words.size() == 1) return;
  if (words.size() != 3 || lower_case(words[1]) != "as")
    throw Failure{"FROM requires either one or three arguments"};
  if (!is_stage_name(lower_case(words[2])))
    throw Failure{fmt::format(
        "invalid name for build stage: {:?}, name can't start with a "
        "number or contain symbols",
        words[2])};
}

void read_healthcheck(Instruction& instruction) {
  need_one(instruction);
  const std::string_view rest = instruction.rest;
  const std::size_t size =
      std::min(rest.find_first_of(kBlanks), rest.size());
  const std::string kind = upper_case(rest.substr(0, size));
  const std::string_view command = trim(rest.substr(size));
  if (kind == "NONE" && !command.empty())
    throw Failure{"HEALTHCHECK NONE takes no arguments"};
  if (kind != "NONE" && kind != "CMD")
    throw Failure{fmt::format(
        "Unknown type {:?} in HEALTHCHECK (try CMD)", kind)};
  instruction.words = {kind};
  if (auto items = json_list(command)) {
    instruction.json = true;
    instruction.words.insert(instruction.words.end(), items->begin(),
                             items->end());
  } else if (!command.empty()) {
    instruction.words.emplace_back(command);
  }
  if (kind == "CMD" && instruction.words.size() == 1)
    throw Failure{"Missing command after HEALTHCHECK CMD"};
}

void read_shell(Instruction& instruction) {
  read_command(instruction);
  if (instruction.words.empty())
    throw Failure{"SHELL requires at least one argument"};
  if (!instruction.json)
    throw Failure{fmt::format(
        "SHELL requires the arguments to be in JSON form: "
        "SHELL [\"{}\"]",
        fmt::join(plain_words(instruction.rest), "\", \""))};
}

void read_volume(Instruction& instruction) {
  read_list(instruction);
  if (instruction.words.empty())
    throw Failure{"VOLUME requires at least one argument"};
  for (const std::string& word : instruction.words)
    if (trim(word).empty())
      throw Failure{"VOLUME specified can not be an empty string"};
}

void read_one(Instruction& instruction) {
  if (instruction.rest.empty())
    throw Failure{fmt::format("{} requires exactly one argument",
                              name_of(instruction.keyword))};
  instruction.words = {instruction.rest};
}

void check_value(const KnownFlag& known, const Flag& flag) {
  const bool missing = known.kind == FlagKind::flip
                           ? flag.given_value && flag.value.empty()
                           : !flag.given_value;
  if (missing)
    throw Failure{
        fmt::format("missing a value on flag: --{}", flag.name)};
  const std::string value = lower_case(flag.value);
  if (known.kind == FlagKind::flip && !value.empty() &&
      value != "true" && value != "false")
    throw Failure{
        fmt::format("expecting boolean value for flag --{}, not: {}",
                    flag.name, flag.value)};
}

}  // namespace

void read_arguments(Instruction& instruction, char escape) {
  switch (instruction.keyword) {
    case Keyword::add:
    case Keyword::copy:
      return read_copy(instruction);
    case Keyword::arg:
      return read_names(instruction, escape);
    case Keyword::env:
    case Keyword::label:
      return read_pairs(instruction, escape);
    case Keyword::expose:
      need_one(instruction);
      instruction.words = plain_words(instruction.rest);
      return;
    case Keyword::from:
      return read_from(instruction);
    case Keyword::healthcheck:
      return read_healthcheck(instruction);
    case Keyword::shell:
      return read_shell(instruction);
    case Keyword::volume:
      return read_volume(instruction);
    case Keyword::cmd:
    case Keyword::entrypoint:
    case Keyword::run:
      return read_command(instruction);
    case Keyword::maintainer:
    case Keyword::stopsignal:
    case Keyword::user:
    case Keyword::workdir:
      return read_one(instruction);
    case Keyword::onbuild:
      return;  // its trigger is an instruction of its own
  }
}

void check_flags(const Instruction& instruction) {
  const auto known = known_flags(instruction.keyword);
  std::vector<std::string> names;
  for (const KnownFlag& flag : known) names.emplace_back(flag.name);
  std::vector<std::string> seen;
  for (const Flag& flag : instruction.flags) {
    const auto found = std::find_if(
        known.begin(), known.end(), [&](const KnownFlag& candidate) {
          return candidate.name == flag.name;
        });
    if (found == known.end())
      throw Failure{fmt::format("unknown flag: --{}{}", flag.name,
                                suggestion(flag.name, names))};
    if (found->kind != FlagKind::several &&
        std::find(seen.begin(), seen.end(), flag.name) != seen.end())
      throw Failure{
          fmt::format("duplicate flag specified: --{}", flag.name)};
    seen.push_back(flag.name);
    check_value(*found, flag);
  }
}

}  // namespace dockwright
