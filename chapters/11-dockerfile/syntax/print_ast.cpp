#include "chapters/11-dockerfile/syntax/print_ast.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "chapters/11-dockerfile/syntax/blanks.hpp"
#include "chapters/11-dockerfile/syntax/keywords.hpp"

namespace dockwright {

namespace {

using Json = nlohmann::ordered_json;

/// Where the second and the third column begin.
constexpr int kKeyword = 8;
constexpr int kLabel = 9;

std::string line(std::string_view label, std::string_view value) {
  return fmt::format("{:{}}{:{}}{}\n", "", kKeyword, label, kLabel,
                     value);
}

std::string range(const Lines& lines) {
  return lines.first == lines.last
             ? std::to_string(lines.first)
             : fmt::format("{}-{}", lines.first, lines.last);
}

std::string flag_text(const Flag& flag) {
  return "--" + flag.name + (flag.given_value ? "=" + flag.value : "");
}

bool is_command(Keyword keyword) {
  return keyword == Keyword::cmd || keyword == Keyword::entrypoint ||
         keyword == Keyword::run || keyword == Keyword::healthcheck;
}

/// What the words are called.
std::string_view form_of(const Instruction& one) {
  if (one.json) return "json";
  return is_command(one.keyword) ? "shell" : "words";
}

std::string quoted(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += fmt::format("{}{:?}", text.empty() ? "" : " ", word);
  return text;
}

std::string heredoc_text(const Heredoc& heredoc) {
  const auto lines =
      std::count(heredoc.body.begin(), heredoc.body.end(), '\n');
  return fmt::format("{} ({} line{}{}{})", heredoc.name, lines,
                     lines == 1 ? "" : "s",
                     heredoc.expand ? "" : ", as it stands",
                     heredoc.strip_tabs ? ", without tabs" : "");
}

std::string show(const Instruction& one) {
  std::string text = fmt::format("{:{}}{}\n", range(one.lines),
                                 kKeyword, name_of(one.keyword));
  for (const Flag& flag : one.flags)
    text += line("flag", flag_text(flag));
  if (!one.words.empty() || one.json)
    text += line(form_of(one), quoted(one.words));
  if (one.keyword == Keyword::onbuild)
    text += line("trigger", fmt::format("{:?}", one.rest));
  for (const Pair& pair : one.pairs)
    text +=
        line("pair", pair.given_value
                         ? fmt::format("{}={}", pair.name, pair.value)
                         : pair.name);
  for (const Heredoc& heredoc : one.heredocs)
    text += line("heredoc", heredoc_text(heredoc));
  return text;
}

Json flags_json(const Instruction& one) {
  Json list = Json::array();
  for (const Flag& flag : one.flags) {
    Json item{{"name", flag.name}};
    if (flag.given_value) item["value"] = flag.value;
    list.push_back(std::move(item));
  }
  return list;
}

Json pairs_json(const Instruction& one) {
  Json list = Json::array();
  for (const Pair& pair : one.pairs) {
    Json item{{"name", pair.name}};
    if (pair.given_value) item["value"] = pair.value;
    list.push_back(std::move(item));
  }
  return list;
}

Json heredocs_json(const Instruction& one) {
  Json list = Json::array();
  for (const Heredoc& heredoc : one.heredocs)
    list.push_back({{"name", heredoc.name},
                    {"expand", heredoc.expand},
                    {"stripTabs", heredoc.strip_tabs},
                    {"content", heredoc.body}});
  return list;
}

Json to_json(const Instruction& one) {
  Json json{{"instruction", name_of(one.keyword)},
            {"startLine", one.lines.first},
            {"endLine", one.lines.last},
            {"original", one.original},
            {"flags", flags_json(one)}};
  if (one.keyword == Keyword::onbuild)
    json["trigger"] = one.rest;
  else if (one.words.empty() && !one.json)
    json["pairs"] = pairs_json(one);
  else {
    json["json"] = one.json;
    json["arguments"] = one.words;
  }
  if (!one.heredocs.empty()) json["heredocs"] = heredocs_json(one);
  if (!one.comments.empty()) json["comments"] = one.comments;
  return json;
}

}  // namespace

std::string show_tree(const Dockerfile& file) {
  std::string text;
  const auto directive = [&](std::string_view name,
                             std::string_view value) {
    if (!value.empty()) text += fmt::format("# {}={}\n", name, value);
  };
  directive("syntax", file.directives.syntax);
  directive("check", file.directives.check);
  if (file.directives.escape != '\\')
    directive("escape", std::string(1, file.directives.escape));
  for (const Instruction& one : file.instructions) text += show(one);
  return text;
}

std::string tree_json(const Dockerfile& file) {
  Json directives{{"escape", std::string(1, file.directives.escape)}};
  if (!file.directives.syntax.empty())
    directives["syntax"] = file.directives.syntax;
  if (!file.directives.check.empty())
    directives["check"] = file.directives.check;
  Json instructions = Json::array();
  for (const Instruction& one : file.instructions)
    instructions.push_back(to_json(one));
  const Json json{{"name", file.name},
                  {"directives", std::move(directives)},
                  {"instructions", std::move(instructions)}};
  // A letter that is none (no UTF-8) is shown as U+FFFD.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

}  // namespace dockwright
