#pragma once
// All cells, one after the other.

#include <filesystem>
#include <vector>

#include "book/workbook/matrix_measure.hpp"
#include "book/workbook/matrix_table.hpp"
#include "book/workbook/runtime.hpp"

namespace dockwright::workbook::matrix {

struct MatrixRequest {
  std::vector<Probe> probes{};
  std::vector<Runtime> runtimes{};
  std::filesystem::path bin{};  ///< Where the program is.
  bool time = false;            ///< Measure start-up too.
  const Wording* wording = &isolation_wording();
  int starts = kStartsOfARace;  ///< How often a race for a link is run.
};

/// Makes a world and measures. Only the worker of a laboratory may call it.
[[nodiscard]] Matrix measure_matrix(const MatrixRequest& request);

/// How many times as long as a bare clone and exec each runtime takes to run a program that does nothing:
/// medians of rounds in which all take turns.
[[nodiscard]] std::vector<double> start_up_ratios(const World& world, const std::vector<Runtime>& runtimes,
                                                  int rounds);

}  // namespace dockwright::workbook::matrix
