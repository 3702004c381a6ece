#pragma once

#include <string>
#include <vector>

#include "book/workbook/machine.hpp"

namespace dockwright::workbook {

/// One thing that is looked for on a machine.
struct Finding {
  std::string name;     ///< "CMake 3.25"
  bool needed = false;  ///< without it nothing can be built, or no stage runs
  bool there = false;
  std::string seen;     ///< what was found, or what is wrong with it
  std::string package;  ///< the Debian package that has it; or, for a setting, the command that changes it
  std::string lost;     ///< what cannot be done without it
};

/// Everything the workbook can use, looked up on `machine`.
std::vector<Finding> examine(const Machine& machine);

/// Whether something needed is missing.
bool is_ill(const std::vector<Finding>& findings);

/// Version numbers as in "12.2" or "5.12.0-rc1": whether `version` is at least `wanted`.
bool is_at_least(const std::string& version, const std::string& wanted);

}  // namespace dockwright::workbook
