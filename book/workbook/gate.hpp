#pragma once

#include <string>
#include <vector>

#include "book/workbook/exercise.hpp"
#include "book/workbook/project.hpp"

/// The gates of a chapter's exercises: what has to be true of them, proved by building and running.
namespace dockwright::workbook {

struct GateResult {
  std::string claim;   ///< "the starter of 2.1 is red for the stated reason"
  std::string broken;  ///< why it is not so; empty when it holds
};

/// All gates of a chapter.
std::vector<GateResult> gate_chapter(const Project& project, const Chapter& chapter);

}  // namespace dockwright::workbook
