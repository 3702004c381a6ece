#pragma once

#include "book/workbook/job.hpp"

/// Runs a job where it can do no harm, and leaves nothing behind.
///
/// A keeper process makes the temporary directory and waits; its child goes into new namespaces and runs the
/// steps. When that has ended, every orphan has fallen to the keeper (it is a subreaper), which kills them
/// all and removes the directory. It does so also on Ctrl-C, and when the workbook itself dies.
namespace dockwright::workbook {

/// Runs a job and returns what its steps printed. Uses sudo when the job needs root and we are not.
JobReport run_isolated(const Job& job);

/// Root, or a sudo that works: without a password, or with a terminal to ask for it.
bool can_be_root();

/// What `workbook isolated` does, the program that sudo starts: a job on standard input, the report on
/// standard output.
int serve_isolated();

}  // namespace dockwright::workbook
