#include "book/workbook/transcripts_run.hpp"

#include <algorithm>
#include <filesystem>

#include "book/workbook/isolation.hpp"
#include "book/workbook/lab_jobs.hpp"
#include "book/workbook/text.hpp"

namespace dockwright::workbook {

namespace {

/// A shell command stays when box lines follow it before the next shell command.
bool stays(const std::vector<TranscriptStep>& steps, std::size_t at) {
  for (std::size_t next = at + 1; next < steps.size() && steps[next].where != Step::Where::shell; ++next)
    if (steps[next].where == Step::Where::box) return true;
  return false;
}

/// The exit code of a command that stays is not known when it starts: it is that of its last line.
void compare_step(const TranscriptStep& step, const StepResult& result, bool started,
                  TranscriptOutcome& outcome, TranscriptStep& blessed_step) {
  const auto differences = compare_lines(step.output, split_lines(result.output));
  const int code = started ? step.exit_code : result.exit_code;
  if (!is_match(differences)) blessed_step.output = blessed(differences);
  blessed_step.exit_code = code;
  if (is_match(differences) && code == step.exit_code && !result.timed_out) return;
  outcome.failures.push_back({.line = step.line,
                              .command = step.command,
                              .differences = differences,
                              .expected_exit = step.exit_code,
                              .exit_code = code,
                              .timed_out = result.timed_out});
}

}  // namespace

Job job_of(const Transcript& transcript, const Project& project) {
  Job job;
  job.seconds = transcript.seconds;
  job.terminal = transcript.terminal;
  job.needs_root = std::count(transcript.needs.begin(), transcript.needs.end(), "root") > 0;
  job.loopback = std::count(transcript.needs.begin(), transcript.needs.end(), "loopback") > 0;
  if (std::filesystem::is_directory(project.rootfs())) job.rootfs = project.rootfs().string();
  job.environment = {
      {"PATH", project.bin().string() + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
      {"PROJECT", project.root().string()}};
  for (const auto& line : transcript.setup) job.steps.push_back({.where = Step::Where::shell, .text = line});
  for (std::size_t at = 0; at < transcript.steps.size(); ++at) {
    const auto& step = transcript.steps[at];
    const bool started = step.where == Step::Where::shell && stays(transcript.steps, at);
    job.terminal = job.terminal || started;
    job.steps.push_back({.where = step.where, .text = step.command, .stays = started});
  }
  for (const auto& line : transcript.cleanup)
    job.steps.push_back({.where = Step::Where::shell, .text = line});
  return job;
}

TranscriptOutcome run_transcript(const Transcript& transcript, const Project& project) {
  const Job job = job_of(transcript, project);
  return compare_transcript(transcript, job, run_isolated(job));
}

std::vector<TranscriptOutcome> run_transcripts_in_lab(const std::vector<Transcript>& transcripts,
                                                      const Project& project) {
  std::vector<Job> jobs;
  for (const auto& transcript : transcripts) jobs.push_back(job_of(transcript, project));
  const auto reports = run_in_laboratory(jobs);
  std::vector<TranscriptOutcome> outcomes;
  for (std::size_t at = 0; at < transcripts.size(); ++at)
    outcomes.push_back(compare_transcript(transcripts[at], jobs[at], reports[at]));
  return outcomes;
}

TranscriptOutcome compare_transcript(const Transcript& transcript, const Job& job, const JobReport& report) {
  TranscriptOutcome outcome;
  outcome.blessed = transcript;
  outcome.problem = report.problem;
  for (std::size_t at = 0; at < report.results.size(); ++at) {
    const auto& result = report.results[at];
    if (at < transcript.setup.size()) {
      if (result.exit_code != 0 && outcome.problem.empty())
        outcome.problem = "the setup line `" + transcript.setup[at] + "` failed: " + trim(result.output);
    } else if (const auto index = at - transcript.setup.size(); index < transcript.steps.size()) {
      compare_step(transcript.steps[index], result, job.steps[at].stays, outcome,
                   outcome.blessed.steps[index]);
    }
  }
  if (outcome.problem.empty() && report.results.size() < transcript.setup.size() + transcript.steps.size() &&
      outcome.failures.empty())
    outcome.problem = "it ended before its last command";
  return outcome;
}

}  // namespace dockwright::workbook
