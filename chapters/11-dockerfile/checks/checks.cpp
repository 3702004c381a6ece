#include "chapters/11-dockerfile/checks/checks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chapters/11-dockerfile/checks/checker.hpp"
#include "chapters/11-dockerfile/progress/failing_lines.hpp"
#include "chapters/11-dockerfile/syntax/dockerfile_error.hpp"

namespace dockwright {

namespace {

constexpr std::string_view kPages =
    "https://docs.docker.com/go/dockerfile/rule/";

/// The options of the file; a wrong one is an error on line 1, where
/// directives stand.
CheckOptions options_of(const Dockerfile& file) {
  try {
    return parse_check_options(file.directives.check);
  } catch (const Failure& failure) {
    const auto is_it = [](const std::string& line) {
      return line.find("check") != std::string::npos;
    };
    const auto found =
        std::find_if(file.lines.begin(), file.lines.end(), is_it);
    const int line =
        static_cast<int>(std::distance(file.lines.begin(), found)) + 1;
    throw DockerfileError{
        file.name, file.lines, {line, line}, failure.what()};
  }
}

std::string counted(std::size_t number) {
  return fmt::format("{} warning{}", number, number == 1 ? "" : "s");
}

}  // namespace

std::vector<Finding> find_mistakes(
    const Dockerfile& file, const CheckSurroundings& surroundings) {
  const CheckOptions options = options_of(file);
  const StageTexts stages = split_stages(file);
  Checker checker{.file = file,
                  .stages = stages,
                  .surroundings = surroundings,
                  .globals = globals_of(file, stages, surroundings)};
  check_names(checker);
  check_froms(checker);
  check_steps(checker);
  std::vector<Finding>& findings = checker.findings;
  std::erase_if(findings, [&](const Finding& finding) {
    return !options.wants(finding.rule);
  });
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) {
                     return a.lines.first < b.lines.first;
                   });
  return std::move(findings);
}

std::string show_findings(const Dockerfile& file,
                          const std::vector<Finding>& findings) {
  if (findings.empty()) return "Check complete, no warnings found.\n";
  std::string text = fmt::format(
      "Check complete, {} ha{} been found!\n", counted(findings.size()),
      findings.size() == 1 ? "s" : "ve");
  for (const Finding& finding : findings) {
    const RuleText& rule = text_of(finding.rule);
    text += fmt::format(
        "\nWARNING: {} - {}{}/\n{}\n{}\n", rule.name, kPages, rule.page,
        finding.detail,
        show_failing_lines(file.name, file.lines,
                           {finding.lines.first, finding.lines.last}));
  }
  return text;
}

std::string summarize_findings(const std::vector<Finding>& findings) {
  if (findings.empty()) return "";
  std::string text =
      fmt::format(" {} found (build --check shows the lines):\n",
                  counted(findings.size()));
  for (const Finding& finding : findings)
    text +=
        fmt::format(" - {}: {} (line {})\n", text_of(finding.rule).name,
                    finding.detail, finding.lines.first);
  return text;
}

void fail_on_findings(const Dockerfile& file,
                      const std::vector<Finding>& findings) {
  if (findings.empty() || !options_of(file).error) return;
  std::set<std::string_view> rules;
  for (const Finding& finding : findings)
    rules.insert(text_of(finding.rule).name);
  throw Failure{fmt::format("lint violation found for rules: {}",
                            fmt::join(rules, ", ")),
                1};
}

}  // namespace dockwright
