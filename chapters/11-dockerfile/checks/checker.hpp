#pragma once
// What the checks share: the file, and where findings go.

#include <utility>

#include "chapters/11-dockerfile/checks/checks.hpp"
#include "chapters/11-dockerfile/syntax/stages.hpp"

namespace dockwright {

struct Checker {
  const Dockerfile& file;
  const StageTexts& stages;
  const CheckSurroundings& surroundings;
  std::vector<Finding> findings{};

  void add(Rule rule, const Instruction& where, std::string detail) {
    findings.push_back({.rule = rule,
                        .lines = where.lines,
                        .detail = std::move(detail)});
  }
};

/// How words are written, and what stages are called.
void check_names(Checker& checker);
/// FROM: its platform, and the arguments in its image's name.
void check_froms(Checker& checker);
/// What each stage does.
void check_steps(Checker& checker);

/// ` (did you mean NAME?)`, or nothing; `mark` stands before the name.
[[nodiscard]] std::string variable_suggestion(
    const std::string& name, const std::set<std::string>& known,
    std::string_view mark = "");

/// Values of the arguments that say for which platform is built.
[[nodiscard]] const std::map<std::string, std::string>&
platform_arguments();

}  // namespace dockwright
