#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "book/workbook/exercise.hpp"
#include "book/workbook/patterns.hpp"
#include "book/workbook/project.hpp"

namespace dockwright::workbook {

/// What is put to the test: any program with the stages' grammar.
struct Candidate {
  std::filesystem::path runtime;
  std::filesystem::path program;  ///< for exercises with a program of their own
};

/// What one check found.
struct CheckOutcome {
  std::string run;
  std::string output;
  int exit_code = 0;
  bool timed_out = false;
  bool host_failed = false;
  std::string host_output;
  std::vector<Difference> differences;  ///< when `output` was given
  std::vector<std::string> complaints;  ///< everything else that is not as it should be, in sentences
  std::string problem;                  ///< the sandbox itself failed: neither passed nor failed
  [[nodiscard]] bool passed() const { return problem.empty() && complaints.empty() && is_match(differences); }
};

/// Runs one check in a fresh sandbox.
CheckOutcome run_check(const Project& project, const Exercise& exercise, const Check& check,
                       const Candidate& candidate);

/// The first rule of "what it saw" that fits an outcome; null when none does.
const SawRule* find_rule(const Exercise& exercise, const CheckOutcome& outcome);

}  // namespace dockwright::workbook
