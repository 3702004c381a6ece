#include "book/workbook/matrix_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "book/workbook/text.hpp"

namespace dockwright::workbook::matrix {

namespace {

/// Columns of the terminal's table.
struct Layout {
  std::size_t label = 0;
  std::size_t cell = 0;
  bool titles = true;
};

std::size_t longest(const Matrix& matrix, std::string Probe::*text) {
  std::size_t width = 0;
  for (const auto& row : matrix.rows) width = std::max(width, columns(row.probe.*text));
  return width;
}

/// `stage02` → `02`: four of them must stand beside three peers on 80 columns.
std::string heading(const Column& column) {
  if (starts_with(column.name, "privileged")) return "priv " + column.name.substr(10);
  return starts_with(column.name, "stage") && column.name.size() == 7 ? column.name.substr(5) : column.name;
}

bool any_differs(const Matrix& matrix) { return !matrix.differences().empty(); }

Layout lay_out(const Matrix& matrix, std::size_t width) {
  // A verdict, a space before it, and a mark where one is not as declared.
  std::size_t cell = matrix.wording->green.size() + (any_differs(matrix) ? 2 : 1);
  for (const auto& column : matrix.columns) cell = std::max(cell, columns(heading(column)) + 1);
  const auto rest = 3 + cell * matrix.columns.size();
  const auto titles = longest(matrix, &Probe::title);
  if (titles + rest <= width) return {.label = titles, .cell = cell, .titles = true};
  return {.label = longest(matrix, &Probe::id), .cell = cell, .titles = false};
}

/// Padded before it is painted: escape sequences take no room on the screen.
std::string painted(const Cell& cell, const Wording& wording, std::size_t width, const Paper& paper) {
  std::string text = cell.measured == Verdict::unclear ? "?" : std::string{word(cell.measured, wording)};
  if (cell.differs()) text += '!';
  const auto padded = fmt::format(" {:<{}}", text, width - 1);
  if (cell.measured == Verdict::green) return paper.green(padded);
  if (cell.measured == Verdict::none) return padded;
  return cell.measured == Verdict::red ? paper.red(padded) : paper.yellow(padded);
}

std::string trimmed_right(std::string line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string start_up_line(const Matrix& matrix) {
  std::string line;
  for (const auto& column : matrix.columns)
    if (column.start_up > 0)
      line += fmt::format("{}{} {:.1f}", line.empty() ? "" : ", ", column.name, column.start_up);
  return line;
}

std::string legend(const Matrix& matrix, const Paper& paper) {
  std::string text = "\n";
  text += paper.paragraph(std::string{matrix.wording->legend});
  if (any_differs(matrix))
    text += paper.paragraph(fmt::format("!: not as declared in {}.", matrix.wording->file));
  const auto times = start_up_line(matrix);
  if (!times.empty())
    text += paper.paragraph(fmt::format("Start-up, as a multiple of a bare clone and exec: {}.", times));
  return text;
}

/// For those who listen: one line per probe, in whole words, nothing to be found by its column.
std::string as_sentences(const Matrix& matrix) {
  std::string text;
  for (const auto& row : matrix.rows) {
    text += fmt::format("{} (chapter {}):", row.probe.title, row.probe.chapter);
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const auto& cell = row.cells[i];
      const auto said = cell.measured == Verdict::none ? "nothing" : word(cell.measured, *matrix.wording);
      text += fmt::format("{} {} {}{}", i == 0 ? "" : ",", matrix.columns[i].name, said,
                          cell.differs() ? " (not as declared)" : "");
    }
    text += ".\n";
  }
  const auto times = start_up_line(matrix);
  if (!times.empty()) text += fmt::format("Start-up, as a multiple of a bare clone and exec: {}.\n", times);
  return text;
}

}  // namespace

std::vector<std::string> Matrix::differences() const {
  std::vector<std::string> lines;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const auto& cell = row.cells[i];
      if (!cell.differs()) continue;
      lines.push_back(fmt::format("{} {} in {}: declared {}, measured {} (answer: {}{}{})", wording->row,
                                  row.probe.id, columns[i].name, word(cell.declared, *wording),
                                  word(cell.measured, *wording), cell.answer,
                                  cell.trouble.empty() ? "" : "; ", cell.trouble));
    }
  }
  return lines;
}

namespace {

/// The columns `from`…`to` of all rows.
std::string some_columns(const Matrix& matrix, const Layout& layout, std::size_t from, std::size_t to,
                         const Paper& paper) {
  std::string head =
      pad(std::string{layout.titles ? matrix.wording->corner : matrix.wording->row}, layout.label) + " ch";
  for (auto i = from; i < to; ++i)
    head += fmt::format(" {:<{}}", heading(matrix.columns[i]), layout.cell - 1);
  std::string text = paper.bold(trimmed_right(head)) + "\n";
  for (const auto& row : matrix.rows) {
    text += fmt::format("{} {:>2}", pad(layout.titles ? row.probe.title : row.probe.id, layout.label),
                        row.probe.chapter);
    for (auto i = from; i < to; ++i) text += painted(row.cells[i], *matrix.wording, layout.cell, paper);
    text = trimmed_right(std::move(text)) + "\n";
  }
  return text;
}

}  // namespace

std::string matrix_as_text(const Matrix& matrix, const Paper& paper) {
  if (paper.habits().plain) return as_sentences(matrix);
  const auto layout = lay_out(matrix, paper.habits().width);
  // What does not fit beside the rows' names gets a table of its own below.
  const auto used = layout.label + 3;
  const auto room = paper.habits().width > used ? (paper.habits().width - used) / layout.cell : 0;
  const auto block = std::max<std::size_t>(room, 1);
  std::string text;
  for (std::size_t from = 0; from < matrix.columns.size(); from += block) {
    if (from > 0) text += "\n";
    text += some_columns(matrix, layout, from, std::min(from + block, matrix.columns.size()), paper);
  }
  return text + legend(matrix, paper);
}

}  // namespace dockwright::workbook::matrix
