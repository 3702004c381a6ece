#pragma once

#include <string>
#include <vector>

#include "book/workbook/project.hpp"

namespace dockwright::workbook {

/// What became of one later spine.
struct Propagated {
  std::string spine;  ///< "chapters/03-namespaces/run.cpp"
  bool changed = false;
  bool conflict = false;  ///< conflict markers stand in the file now
};

/// Carries what was mended in spine `number` since HEAD into the spines of all later chapters.
/// @throws std::runtime_error when nothing was changed since HEAD
std::vector<Propagated> propagate(const Project& project, int number);

}  // namespace dockwright::workbook
