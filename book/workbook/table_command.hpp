#pragma once
// What `workbook matrix` and `workbook attacks` have in common: options, columns, the run, one cell for
// CTest.

#include <string>
#include <vector>

#include "book/workbook/matrix_measure.hpp"
#include "book/workbook/matrix_wording.hpp"

namespace CLI {
class App;
}

namespace dockwright::workbook {

struct TableOptions {
  std::string format = "table";
  std::vector<std::string> runtimes{};
  std::vector<std::string> only{};
  std::vector<int> stages{};
  bool proof = false;
  bool no_peers = false;
  bool privileged = false;
  std::vector<std::string> check{};
  int starts = matrix::kStartsOfARace;
};

/// The options that both commands have.
void add_table_options(CLI::App& command, TableOptions& options, const matrix::Wording& wording);

/// Measures and prints what the options ask for; gives the exit code.
int run_table(const TableOptions& options, const matrix::Wording& wording);

}  // namespace dockwright::workbook
