#pragma once

#include <string>
#include <vector>

#include "book/workbook/machine.hpp"
#include "book/workbook/project.hpp"

/// The laboratory: a throw-away virtual machine with a kernel of its own and nothing but control groups of
/// version 2, in which this machine's files are seen and cannot be changed.
namespace dockwright::workbook {

struct LabOptions {
  std::vector<std::string> command{};  ///< empty: a shell
  bool as_user = false;                ///< as the user `reader`
  bool own_root = false;               ///< a small root of its own, also where files could be shared
  bool talkative = false;              ///< the QEMU command, and all that the machine's console shows
  int seconds = 0;                     ///< for the command; 0: no limit
  unsigned memory_mb = 1024;
};

/// Boots, runs the command on our standard streams, and switches off. @returns the command's exit code, or
/// 128 + N when signal N ended us, or 124 when the time is over. @throws Failure (125) when there is no
/// machine, or it ended without an exit code
int run_in_lab(const Project& project, const LabOptions& options);

/// Why there is no laboratory on this machine: what is missing, and the package that has it. Empty when it
/// can be tried.
std::string no_lab(const Machine& machine);

/// What a command gets of the caller's environment: all but what speaks of the caller's session, with the
/// project's programs first in the path. `variables` are NAME=VALUE.
std::vector<std::string> lab_environment(const std::vector<std::string>& variables, const std::string& bin,
                                         bool as_user);

}  // namespace dockwright::workbook
