#pragma once
// A measured table, the isolation matrix or the attacks: for the terminal, for a page, for another program.

#include <string>
#include <vector>

#include "book/workbook/matrix_declaration.hpp"
#include "book/workbook/paper.hpp"

namespace dockwright::workbook::matrix {

/// One cell: what was declared and what was found.
struct Cell {
  Verdict declared = Verdict::unclear;  ///< unclear: nothing is declared, so nothing can differ
  Verdict measured = Verdict::unclear;
  std::string answer{};
  std::string trouble{};

  /// What was not measured, since there is nothing to ask here, differs from nothing.
  [[nodiscard]] bool differs() const noexcept {
    return declared != Verdict::unclear && measured != Verdict::none && declared != measured;
  }
  bool operator==(const Cell&) const = default;
};

struct Column {
  std::string name{};   ///< `stage02`
  double start_up = 0;  ///< How many times as long as a bare clone and exec; 0: not measured.
};

struct Row {
  Probe probe{};
  std::vector<Cell> cells{};  ///< As many as there are columns.
};

/// What `workbook matrix` or `workbook attacks` found.
struct Matrix {
  const Wording* wording = &isolation_wording();
  std::vector<Column> columns{};
  std::vector<Row> rows{};

  /// A line for each cell that is not as declared; empty when all are.
  [[nodiscard]] std::vector<std::string> differences() const;
};

/// For a terminal: short headings, words and colours, a legend. Where the width does not suffice for the
/// titles, the names of the probes stand in their place.
[[nodiscard]] std::string matrix_as_text(const Matrix& matrix, const Paper& paper);
[[nodiscard]] std::string matrix_as_markdown(const Matrix& matrix);
/// A whole page of its own, without scripts.
[[nodiscard]] std::string matrix_as_html(const Matrix& matrix);
[[nodiscard]] std::string matrix_as_json(const Matrix& matrix);

}  // namespace dockwright::workbook::matrix
