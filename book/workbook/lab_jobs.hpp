#pragma once

#include <string>
#include <vector>

#include "book/workbook/job.hpp"
#include "book/workbook/machine.hpp"

/// Checks and transcripts that need what this machine lacks and the laboratory has.
namespace dockwright::workbook {

/// Whether something with these needs runs in the laboratory: it needs control groups of version 2, this
/// machine has others, and there can be a laboratory.
bool belongs_in_lab(const Machine& machine, const std::vector<std::string>& needs);

/// Those needs that neither this machine has nor, where that helps, the laboratory; empty when it can be run.
std::string lacking_with_lab(const Machine& machine, const std::vector<std::string>& needs);

/// Runs jobs in the laboratory, those that need root as root and the others as a user: one boot for each
/// kind. The reports come in the order of the jobs; where the laboratory failed, each says so.
std::vector<JobReport> run_in_laboratory(const std::vector<Job>& jobs);

/// What `workbook isolated --list` does in there: jobs on standard input, reports on standard output.
int serve_isolated_list();

}  // namespace dockwright::workbook
