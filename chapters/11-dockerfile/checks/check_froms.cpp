#include <fmt/format.h>

#include <algorithm>

#include "chapters/09-images/reference.hpp"
#include "chapters/11-dockerfile/checks/checker.hpp"
#include "chapters/11-dockerfile/syntax/dockerfile_error.hpp"
#include "chapters/11-dockerfile/syntax/flags.hpp"
#include "chapters/11-dockerfile/syntax/variables.hpp"
#include "common/nearest.hpp"

namespace dockwright {

namespace {

using Values = std::map<std::string, std::string>;

/// What the ARGs before the first FROM say, when nobody gives them a
/// value; an ARG without one is declared, and that is all.
struct Globals {
  std::set<std::string> declared{};
  Values defaults{};
};

Lookup lookup_in(const Values& values) {
  return
      [&values](std::string_view name) -> std::optional<std::string> {
        const auto found = values.find(std::string{name});
        if (found == values.end()) return std::nullopt;
        return found->second;
      };
}

Globals globals_of(const Checker& checker) {
  Globals globals{.defaults = platform_arguments()};
  for (const auto& [name, value] : platform_arguments())
    globals.declared.insert(name);
  const char escape = checker.file.directives.escape;
  for (const Instruction& arg : checker.stages.arguments)
    for (const Pair& pair : arg.pairs) {
      globals.declared.insert(pair.name);
      if (pair.given_value)
        globals.defaults[pair.name] =
            expand(pair.value, lookup_in(globals.defaults), escape);
    }
  return globals;
}

void check_declared(Checker& checker, const Globals& globals,
                    const Instruction& from, const std::string& text) {
  const Lookup declared =
      [&](std::string_view name) -> std::optional<std::string> {
    if (!globals.declared.contains(std::string{name}))
      return std::nullopt;
    return "";
  };
  for (const std::string& name : undefined_variables(
           text, declared, checker.file.directives.escape))
    checker.add(
        Rule::undefined_arg_in_from, from,
        fmt::format("FROM argument '{}' is not declared{}", name,
                    variable_suggestion(name, globals.declared)));
}

void check_default(Checker& checker, const Globals& globals,
                   const StageText& stage, std::size_t before) {
  if (stage.base.find('$') == std::string::npos) return;
  const std::string base =
      expand(stage.base, lookup_in(globals.defaults),
             checker.file.directives.escape);
  if (checker.stages.find(base, before) || Reference::try_parse(base))
    return;
  checker.add(Rule::invalid_default_arg_in_from, stage.from,
              fmt::format("Default value for ARG {} results in empty "
                          "or invalid base image name",
                          stage.base));
}

/// A stage that is called after a platform may be for it alone.
bool named_after(const StageText& stage, std::string_view platform) {
  while (!platform.empty()) {
    const std::size_t end =
        std::min(platform.find('/'), platform.size());
    const std::string part{platform.substr(0, end)};
    if (!part.empty() && stage.name.find(part) != std::string::npos)
      return true;
    platform.remove_prefix(std::min(end + 1, platform.size()));
  }
  return false;
}

void check_platform(Checker& checker, const StageText& stage) {
  const std::string platform = platform_flag(stage.from, as_written);
  if (platform.empty()) return;
  if (platform == "$TARGETPLATFORM" || platform == "${TARGETPLATFORM}")
    checker.add(
        Rule::redundant_target_platform, stage.from,
        fmt::format("Setting platform to predefined {} in FROM is "
                    "redundant as this is the default behavior",
                    platform));
  if (platform.find('$') == std::string::npos &&
      !named_after(stage, platform))
    checker.add(Rule::from_platform_flag_const_disallowed, stage.from,
                fmt::format("FROM --platform flag should not use "
                            "constant value {:?}",
                            platform));
}

}  // namespace

std::string variable_suggestion(const std::string& name,
                                const std::set<std::string>& known,
                                std::string_view mark) {
  const std::vector<std::string> names{known.begin(), known.end()};
  const std::string_view meant = nearest(name, names);
  return meant.empty()
             ? ""
             : fmt::format(" (did you mean {}{}?)", mark, meant);
}

const std::map<std::string, std::string>& platform_arguments() {
  static const std::map<std::string, std::string> values = {
      {"BUILDARCH", "amd64"},
      {"BUILDOS", "linux"},
      {"BUILDPLATFORM", "linux/amd64"},
      {"BUILDVARIANT", ""},
      {"TARGETARCH", "amd64"},
      {"TARGETOS", "linux"},
      {"TARGETPLATFORM", "linux/amd64"},
      {"TARGETSTAGE", "default"},
      {"TARGETVARIANT", ""}};
  return values;
}

void check_froms(Checker& checker) {
  const Globals globals = globals_of(checker);
  const auto& stages = checker.stages.stages;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const Instruction& from = stages[i].from;
    try {
      check_declared(checker, globals, from, stages[i].base);
      check_declared(checker, globals, from,
                     platform_flag(from, as_written));
      check_default(checker, globals, stages[i], i);
    } catch (const Failure& failure) {
      throw DockerfileError{checker.file.name, checker.file.lines,
                            from.lines, failure.what()};
    }
    check_platform(checker, stages[i]);
  }
}

}  // namespace dockwright
