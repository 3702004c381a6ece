#pragma once

#include <string>
#include <vector>

#include "book/workbook/job.hpp"
#include "book/workbook/patterns.hpp"
#include "book/workbook/project.hpp"
#include "book/workbook/transcript.hpp"

namespace dockwright::workbook {

/// A typed line of a transcript that did not print what the file says.
struct TranscriptFailure {
  std::size_t line = 0;
  std::string command;
  std::vector<Difference> differences;
  int expected_exit = 0, exit_code = 0;
  bool timed_out = false;
};

struct TranscriptOutcome {
  std::vector<TranscriptFailure> failures;
  std::string problem;  ///< the sandbox itself failed
  Transcript blessed;   ///< the transcript as it would have to be written
  [[nodiscard]] bool passed() const { return failures.empty() && problem.empty(); }
};

/// The sandbox's job for a transcript: setup lines, its own steps, cleanup lines.
Job job_of(const Transcript& transcript, const Project& project);

/// Compares what the job of a transcript printed with what the transcript says.
TranscriptOutcome compare_transcript(const Transcript& transcript, const Job& job, const JobReport& report);

/// Runs transcripts in the laboratory, all in one boot (those that need no root in a second one), and
/// compares.
std::vector<TranscriptOutcome> run_transcripts_in_lab(const std::vector<Transcript>& transcripts,
                                                      const Project& project);

/// Runs a transcript in a sandbox and compares.
TranscriptOutcome run_transcript(const Transcript& transcript, const Project& project);

}  // namespace dockwright::workbook
