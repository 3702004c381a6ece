#pragma once
// What the checks share: the file, and where findings go.

#include <utility>

#include "chapters/11-dockerfile/checks/checks.hpp"
#include "chapters/11-dockerfile/syntax/stages.hpp"
#include "chapters/11-dockerfile/syntax/variables.hpp"

namespace dockwright {

/// What the ARGs before the first FROM say.
struct Globals {
  using Values = std::map<std::string, std::string>;
  std::set<std::string> declared{};
  Values defaults{};  ///< When nobody gives them a value.
  Values values{};    ///< In this build.
};

/// @throws DockerfileError for a value that cannot be expanded
[[nodiscard]] Globals globals_of(const Dockerfile& file,
                                 const StageTexts& stages,
                                 const CheckSurroundings& surroundings);

[[nodiscard]] Lookup lookup_in(const Globals::Values& values);

struct Checker {
  const Dockerfile& file;
  const StageTexts& stages;
  const CheckSurroundings& surroundings;
  Globals globals{};
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

}  // namespace dockwright
