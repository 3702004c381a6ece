#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "chapters/11-dockerfile/checks/checker.hpp"
#include "chapters/11-dockerfile/checks/step_rules.hpp"
#include "chapters/11-dockerfile/syntax/dockerfile_error.hpp"
#include "chapters/11-dockerfile/syntax/variables.hpp"

namespace dockwright {

namespace {

/// The words of an instruction in which the builder expands variables;
/// in a command, the shell does.
std::vector<std::string> expanded_words(const Instruction& one) {
  std::vector<std::string> words;
  switch (one.keyword) {
    case Keyword::add:
    case Keyword::copy:
    case Keyword::expose:
    case Keyword::stopsignal:
    case Keyword::user:
    case Keyword::volume:
    case Keyword::workdir:
      words = one.words;
      break;
    case Keyword::arg:
    case Keyword::env:
    case Keyword::label:
      for (const Pair& pair : one.pairs) {
        words.push_back(pair.name);
        words.push_back(pair.value);
      }
      break;
    default:
      break;
  }
  for (const Flag& flag : one.flags)
    if (flag.name != "from") words.push_back(flag.value);
  return words;
}

/// Arguments that are there without being declared.
constexpr std::array<std::string_view, 10> kPredefined = {
    "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy",
    "FTP_PROXY",  "ftp_proxy",  "NO_PROXY",    "no_proxy",
    "ALL_PROXY",  "all_proxy"};

class StageChecker {
 public:
  StageChecker(Checker& checker, StageScope scope)
      : checker_{checker}, scope_{std::move(scope)} {}

  StageScope operator()(const StageText& stage) {
    for (const Instruction& one : stage.steps) {
      try {
        check_variables(one);
      } catch (const Failure& failure) {
        throw DockerfileError{checker_.file.name, checker_.file.lines,
                              one.lines, failure.what()};
      }
      check_step(checker_, scope_, one);
      define(one);
    }
    check_repetitions(checker_, stage);
    return std::move(scope_);
  }

 private:
  void check_variables(const Instruction& one) {
    const Lookup defined =
        [&](std::string_view name) -> std::optional<std::string> {
      if (!scope_.names.contains(std::string{name}))
        return std::nullopt;
      return "x";
    };
    std::set<std::string> reported;
    for (const std::string& word : expanded_words(one))
      for (const std::string& name : undefined_variables(
               word, defined, checker_.file.directives.escape))
        if (scope_.base_is_known && reported.insert(name).second)
          checker_.add(
              Rule::undefined_var, one,
              fmt::format(
                  "Usage of undefined variable '${}'{}", name,
                  variable_suggestion(name, scope_.names, "$")));
  }

  void define(const Instruction& one) {
    if (one.keyword != Keyword::arg && one.keyword != Keyword::env)
      return;
    for (const Pair& pair : one.pairs) scope_.names.insert(pair.name);
  }

  Checker& checker_;
  StageScope scope_;
};

/// What a stage begins with.
StageScope scope_upon(const Checker& checker,
                      const std::vector<StageScope>& done,
                      const StageText& stage) {
  const std::string base =
      expand(stage.base, lookup_in(checker.globals.values),
             checker.file.directives.escape);
  if (const auto below = checker.stages.find(base, done.size()))
    return done[*below];
  StageScope scope;
  scope.names.insert(kPredefined.begin(), kPredefined.end());
  scope.names.insert("PATH");
  if (base == "scratch") return scope;
  const auto& ask = checker.surroundings.variables_of;
  const auto set = ask ? ask(base) : std::nullopt;
  scope.base_is_known = set.has_value();
  if (set) scope.names.insert(set->begin(), set->end());
  return scope;
}

}  // namespace

void check_steps(Checker& checker) {
  for (const Instruction& arg : checker.stages.arguments)
    check_secrets(checker, arg);
  std::vector<StageScope> done;
  for (const StageText& stage : checker.stages.stages)
    done.push_back(
        StageChecker{checker, scope_upon(checker, done, stage)}(stage));
}

}  // namespace dockwright
