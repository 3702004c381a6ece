#pragma once

#include <string>
#include <vector>

#include "book/workbook/project.hpp"

namespace dockwright::workbook {

struct Built {
  bool done = false;
  std::string messages;  ///< what the compiler said, without the build tool's own lines
};

/// Builds targets in the build directory. @throws std::runtime_error when that is not configured
Built build_targets(const Project& project, const std::vector<std::string>& targets);

}  // namespace dockwright::workbook
