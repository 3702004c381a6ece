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

/// What says for which platform is built; its values are examples.
const Globals::Values& platform() {
  static const Globals::Values values = {
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

std::string expand_at(const Dockerfile& file, const Instruction& where,
                      const std::string& text,
                      const Globals::Values& values) {
  try {
    return expand(text, lookup_in(values), file.directives.escape);
  } catch (const Failure& failure) {
    throw DockerfileError{file.name, file.lines, where.lines,
                          failure.what()};
  }
}

void check_declared(Checker& checker, const Instruction& from,
                    const std::string& text) {
  const Lookup declared =
      [&](std::string_view name) -> std::optional<std::string> {
    if (!checker.globals.declared.contains(std::string{name}))
      return std::nullopt;
    return "";
  };
  for (const std::string& name : undefined_variables(
           text, declared, checker.file.directives.escape))
    checker.add(
        Rule::undefined_arg_in_from, from,
        fmt::format(
            "FROM argument '{}' is not declared{}", name,
            variable_suggestion(name, checker.globals.declared)));
}

void check_default(Checker& checker, const StageText& stage,
                   std::size_t before) {
  if (stage.base.find('$') == std::string::npos) return;
  const std::string base =
      expand(stage.base, lookup_in(checker.globals.defaults),
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

Lookup lookup_in(const Globals::Values& values) {
  return
      [&values](std::string_view name) -> std::optional<std::string> {
        const auto found = values.find(std::string{name});
        if (found == values.end()) return std::nullopt;
        return found->second;
      };
}

Globals globals_of(const Dockerfile& file, const StageTexts& stages,
                   const CheckSurroundings& surroundings) {
  Globals globals{.defaults = platform(), .values = platform()};
  for (const auto& [name, value] : platform())
    globals.declared.insert(name);
  for (const Instruction& arg : stages.arguments)
    for (const Pair& pair : arg.pairs) {
      globals.declared.insert(pair.name);
      const auto given = surroundings.arguments.find(pair.name);
      if (given != surroundings.arguments.end())
        globals.values[pair.name] = given->second;
      if (!pair.given_value) continue;
      const auto set = [&](Globals::Values& values) {
        values[pair.name] = expand_at(file, arg, pair.value, values);
      };
      set(globals.defaults);
      if (given == surroundings.arguments.end()) set(globals.values);
    }
  return globals;
}

void check_froms(Checker& checker) {
  const auto& stages = checker.stages.stages;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const Instruction& from = stages[i].from;
    try {
      check_declared(checker, from, stages[i].base);
      check_declared(checker, from, platform_flag(from, as_written));
      check_default(checker, stages[i], i);
    } catch (const Failure& failure) {
      throw DockerfileError{checker.file.name, checker.file.lines,
                            from.lines, failure.what()};
    }
    check_platform(checker, stages[i]);
  }
}

}  // namespace dockwright
