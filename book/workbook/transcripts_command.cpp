// `workbook transcripts`: runs what the book prints, and compares.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "book/workbook/commands.hpp"
#include "book/workbook/lab_jobs.hpp"
#include "book/workbook/machine.hpp"
#include "book/workbook/paper.hpp"
#include "book/workbook/text.hpp"
#include "book/workbook/transcripts_run.hpp"

namespace dockwright::workbook {

namespace {

struct Options {
  bool bless = false;
  bool allow_missing = false;
  std::vector<std::string> names;
};

struct Tally {
  int ran = 0, failed = 0, missing = 0, blessed = 0;
};

/// A name is a whole transcript ("02-chroot/hello") or a beginning of one ("02", "02-chroot").
bool is_asked_for(const Transcript& transcript, const std::vector<std::string>& names) {
  return names.empty() || std::any_of(names.begin(), names.end(), [&](const std::string& name) {
           return starts_with(transcript.name, name);
         });
}

void print_failure(const Paper& paper, const Transcript& transcript, const TranscriptFailure& failure) {
  fmt::print("  {}:{}\n", transcript.path.string(), failure.line);
  fmt::print("  {}\n", paper.bold("$ " + failure.command));
  fmt::print("{}", paper.diff(failure.differences, "  "));
  if (failure.timed_out)
    fmt::print("  it had not ended after {} seconds and was stopped\n", transcript.seconds);
  else if (failure.exit_code != failure.expected_exit)
    fmt::print("  exit code: expected {}, got {}\n", failure.expected_exit, failure.exit_code);
}

void bless(const Transcript& transcript, const TranscriptOutcome& outcome, Tally& tally) {
  if (!outcome.problem.empty()) return;
  const auto text = print_transcript(outcome.blessed);
  if (text == print_transcript(transcript)) return;
  write_file(transcript.path, text);
  fmt::print("  written: {}\n", transcript.path.string());
  ++tally.blessed;
}

void tell(const Paper& paper, const Options& options, const Transcript& transcript,
          const TranscriptOutcome& outcome, Tally& tally) {
  ++tally.ran;
  fmt::print("{} {}\n", outcome.passed() ? paper.passed() : paper.failed(), transcript.name);
  if (!outcome.problem.empty()) fmt::print("  {}\n", outcome.problem);
  for (const auto& failure : outcome.failures) print_failure(paper, transcript, failure);
  if (options.bless) bless(transcript, outcome, tally);
  if (!outcome.passed()) ++tally.failed;
}

/// Runs those that were asked for: here, or, where this machine has no control groups of version 2 and they
/// are needed, afterwards and together in the laboratory.
void run_all(const Paper& paper, const Project& project, const Options& options,
             const std::vector<Transcript>& transcripts, Tally& tally) {
  const auto machine = Machine::here();
  std::vector<Transcript> for_lab;
  for (const auto& transcript : transcripts) {
    if (!is_asked_for(transcript, options.names)) continue;
    if (const auto missing = lacking_with_lab(machine, transcript.needs); !missing.empty()) {
      fmt::print("{} {}: not run, this machine lacks {}\n", paper.yellow("-"), transcript.name, missing);
      ++tally.missing;
    } else if (belongs_in_lab(machine, transcript.needs)) {
      for_lab.push_back(transcript);
    } else {
      tell(paper, options, transcript, run_transcript(transcript, project), tally);
    }
  }
  if (for_lab.empty()) return;
  fmt::print("in the laboratory:\n");
  const auto outcomes = run_transcripts_in_lab(for_lab, project);
  for (std::size_t at = 0; at < for_lab.size(); ++at) tell(paper, options, for_lab[at], outcomes[at], tally);
}

/// The manifest says how many there have to be: a transcript that was lost fails the run.
bool count_is_right(const Project& project, std::size_t found) {
  const int counted = counted_transcripts(project.root() / "chapters");
  if (counted == static_cast<int>(found)) return true;
  fmt::print("chapters/transcripts.count says {}, but {} transcripts are there{}\n",
             counted < 0 ? "nothing" : std::to_string(counted), found,
             counted > static_cast<int>(found) ? ": some are lost"
                                               : "; `workbook transcripts --bless` counts them anew");
  return false;
}

int run_command(const Options& options) {
  const auto project = Project::find();
  const auto paper = Paper::of_stdout();
  const auto transcripts = load_transcripts(project.root() / "chapters");
  const auto found = transcripts.size();
  if (options.bless && options.names.empty())
    write_if_changed(project.root() / "chapters/transcripts.count", fmt::format("{}\n", found));
  const bool counted = !options.names.empty() || count_is_right(project, found);
  Tally tally;
  run_all(paper, project, options, transcripts, tally);
  if (tally.ran + tally.missing == 0) {
    fmt::print("no transcript {}\n", options.names.empty() ? "is there" : "has such a name");
    return 1;
  }
  fmt::print("{} transcripts: {} as printed, {} different, {} not run\n", tally.ran + tally.missing,
             tally.ran - tally.failed, tally.failed, tally.missing);
  const bool missing = tally.missing > 0 && !options.allow_missing;
  return (tally.failed > 0 && !options.bless) || missing || !counted ? 1 : 0;
}

}  // namespace

void add_transcripts_command(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("transcripts", "Run what the book prints, and compare");
  command->add_flag("--bless", options->bless,
                    "Rewrite what is expected; patterns that still match are kept");
  command->add_flag("--allow-missing", options->allow_missing,
                    "Do not fail for those that this machine cannot run");
  command->add_option("NAME", options->names,
                      "Only those whose name begins so, as 02-chroot or 02-chroot/hello");
  command->callback([options, &status] { status = run_command(*options); });
}

}  // namespace dockwright::workbook
