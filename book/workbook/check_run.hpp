#pragma once

#include <string>
#include <vector>

#include "book/workbook/checker.hpp"
#include "book/workbook/paper.hpp"
#include "book/workbook/progress.hpp"

namespace dockwright::workbook {

struct CheckOptions {
  std::vector<std::string> ids;  ///< exercises or chapters; none: the exercise at hand
  std::string runtime;           ///< another program than the reader's
  std::string program;           ///< the same for exercises with a program of their own
};

/// Builds (unless `runtime` is given), runs the checks, tells, remembers. @returns the exit code
int check_exercises(const Project& project, const Paper& paper, const CheckOptions& options);

/// Tells of one exercise's checks, up to the first that fails. @returns whether all passed
bool tell_checks(const Project& project, const Paper& paper, const Exercise& exercise,
                 const Candidate& candidate);

}  // namespace dockwright::workbook
