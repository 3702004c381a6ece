#include "book/workbook/checker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "book/workbook/isolation.hpp"
#include "book/workbook/lab_jobs.hpp"
#include "book/workbook/text.hpp"

namespace dockwright::workbook {

namespace {

constexpr std::size_t kMostForRules = 20'000;  // std::regex recurses: a long text would exhaust the stack.

Job job_of(const Project& project, const Exercise& exercise, const Check& check, const Candidate& candidate) {
  Job job;
  job.seconds = check.seconds;
  job.terminal = check.terminal;
  job.needs_root = std::count(exercise.needs.begin(), exercise.needs.end(), "root") > 0;
  job.loopback = std::count(exercise.needs.begin(), exercise.needs.end(), "loopback") > 0;
  if (std::filesystem::is_directory(project.rootfs())) job.rootfs = project.rootfs().string();
  const auto bin = project.bin().string();
  job.environment = {{"PATH", bin + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
                     {"RUNTIME", candidate.runtime.string()},
                     {"PROGRAM", candidate.program.string()},
                     {"BIN", bin},
                     {"PROJECT", project.root().string()}};
  if (!check.before_run.empty()) job.steps.push_back({.text = check.before_run});
  job.steps.push_back({.text = check.run});
  if (!check.host.empty()) job.steps.push_back({.text = check.host});
  return job;
}

void judge(const Check& check, CheckOutcome& outcome) {
  if (outcome.timed_out)
    outcome.complaints.push_back(
        fmt::format("it had not ended after {} seconds and was stopped", check.seconds));
  else if (check.exit && *check.exit != outcome.exit_code)
    outcome.complaints.push_back(
        fmt::format("exit code: expected {}, got {}", *check.exit, outcome.exit_code));
  if (check.output)
    outcome.differences = compare_lines(split_lines(*check.output), split_lines(outcome.output));
  for (const auto& text : check.contains)
    if (!text_contains(text, outcome.output))
      outcome.complaints.push_back(fmt::format("expected somewhere in the output: {}", trim(text)));
  for (const auto& text : check.lacks)
    if (text_contains(text, outcome.output))
      outcome.complaints.push_back(fmt::format("must not be in the output: {}", trim(text)));
  if (outcome.host_failed)
    outcome.complaints.push_back(
        fmt::format("must hold on the host afterwards, and does not: {}", check.host));
}

bool matches(const std::string& expression, const std::string& text) {
  const std::regex regex{expression, std::regex::ECMAScript | std::regex::multiline};
  return std::regex_search(text.substr(0, kMostForRules), regex);
}

}  // namespace

CheckOutcome run_check(const Project& project, const Exercise& exercise, const Check& check,
                       const Candidate& candidate) {
  CheckOutcome outcome;
  outcome.run = check.run;
  const auto job = job_of(project, exercise, check, candidate);
  const auto report =
      belongs_in_lab(Machine::here(), exercise.needs) ? run_in_laboratory({job}).front() : run_isolated(job);
  outcome.problem = report.problem;
  std::size_t next = 0;
  if (!check.before_run.empty() && next < report.results.size()) {
    const auto& prepared = report.results[next++];
    if (prepared.exit_code != 0)
      outcome.problem =
          fmt::format("the preparation `{}` failed: {}", check.before_run, trim(prepared.output));
  }
  if (next < report.results.size()) {
    outcome.output = report.results[next].output;
    outcome.exit_code = report.results[next].exit_code;
    outcome.timed_out = report.results[next].timed_out;
    ++next;
  }
  if (next < report.results.size()) {
    outcome.host_output = report.results[next].output;
    outcome.host_failed = report.results[next].exit_code != 0;
  }
  if (outcome.problem.empty()) judge(check, outcome);
  return outcome;
}

const SawRule* find_rule(const Exercise& exercise, const CheckOutcome& outcome) {
  for (const auto& rule : exercise.saw) {
    if (!rule.when.empty() && !matches(rule.when, outcome.output + outcome.host_output)) continue;
    if (rule.exit && *rule.exit != outcome.exit_code) continue;
    if (rule.host_failed && !outcome.host_failed) continue;
    return &rule;
  }
  return nullptr;
}

}  // namespace dockwright::workbook
