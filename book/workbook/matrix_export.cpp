// The tables for others: Markdown, HTML, JSON.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "book/workbook/matrix_table.hpp"
#include "book/workbook/text.hpp"

namespace dockwright::workbook::matrix {

namespace {

std::string html_text(std::string text) {
  text = replace_all(std::move(text), "&", "&amp;");
  text = replace_all(std::move(text), "<", "&lt;");
  text = replace_all(std::move(text), ">", "&gt;");
  return replace_all(std::move(text), "\"", "&quot;");
}

/// Colours with a contrast of 4.5 or more on both backgrounds; the word says the same without them.
std::string html_head(const Wording& wording) {
  constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Dockwright: TITLE</title>
<style>
:root { color-scheme: light dark; --good: #0a6b2f; --good-back: #e3f4e8; --bad: #a3140f; --bad-back: #fbe6e4; --line: #8886; }
@media (prefers-color-scheme: dark) {
  :root { --good: #7fd79b; --good-back: #12301c; --bad: #ff9d94; --bad-back: #3d1614; }
}
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: left; }
thead th { border-bottom: 2px solid var(--line); white-space: nowrap; }
tbody th { font-weight: normal; min-width: 16rem; }
tbody small { display: block; opacity: .75; }
.green { color: var(--good); background: var(--good-back); }
.red { color: var(--bad); background: var(--bad-back); font-weight: bold; }
.differs { outline: 3px solid currentColor; outline-offset: -3px; }
</style>
</head>
<body>
<h1>TITLE</h1>
<p>INTRO</p>
<div class="scroll">
<table>
)";
  auto head = replace_all(std::string{kHead}, "TITLE", std::string{wording.title});
  return replace_all(std::move(head), "INTRO", std::string{wording.intro});
}

std::string question_of(const Probe& row) {
  return row.cve.empty() ? row.question : fmt::format("{} ({})", row.question, row.cve);
}

std::string html_cell(const Cell& cell, const Wording& wording) {
  if (cell.measured == Verdict::none) return "<td title=\"nothing to ask here\">-</td>";
  return fmt::format("<td class=\"{}{}\" title=\"answer: {}\">{}{}</td>", word(cell.measured),
                     cell.differs() ? " differs" : "", html_text(cell.answer), word(cell.measured, wording),
                     cell.differs() ? fmt::format(", declared {}", word(cell.declared, wording)) : "");
}

}  // namespace

std::string matrix_as_markdown(const Matrix& matrix) {
  auto text = fmt::format("| {} | chapter |", matrix.wording->corner);
  std::string rule = "\n| --- | --: |";
  for (const auto& column : matrix.columns) {
    text += fmt::format(" {} |", column.name);
    rule += " --- |";
  }
  text += rule + "\n";
  for (const auto& row : matrix.rows) {
    text += fmt::format("| {} | {} |", row.probe.title, row.probe.chapter);
    for (const auto& cell : row.cells)
      text += fmt::format(" {}{} |", word(cell.measured, *matrix.wording), cell.differs() ? "!" : "");
    text += "\n";
  }
  return text;
}

std::string matrix_as_html(const Matrix& matrix) {
  auto text = html_head(*matrix.wording);
  text += fmt::format("<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">chapter</th>",
                      matrix.wording->corner);
  for (const auto& column : matrix.columns)
    text += fmt::format("<th scope=\"col\">{}</th>", html_text(column.name));
  text += "</tr></thead>\n<tbody>\n";
  for (const auto& row : matrix.rows) {
    text += fmt::format("<tr><th scope=\"row\">{}<small>{}</small></th><td>{}</td>",
                        html_text(row.probe.title), html_text(question_of(row.probe)), row.probe.chapter);
    for (const auto& cell : row.cells) text += html_cell(cell, *matrix.wording);
    text += "</tr>\n";
  }
  text += "</tbody>\n";
  bool timed = false;
  std::string foot =
      "<tfoot><tr><th scope=\"row\">start-up, as a multiple of a bare clone and exec</th><td></td>";
  for (const auto& column : matrix.columns) {
    timed = timed || column.start_up > 0;
    foot += fmt::format("<td>{:.1f}</td>", column.start_up);
  }
  if (timed) text += foot + "</tr></tfoot>\n";
  return text + "</table>\n</div>\n</body>\n</html>\n";
}

std::string matrix_as_json(const Matrix& matrix) {
  using nlohmann::ordered_json;
  ordered_json document;
  document["columns"] = ordered_json::array();
  for (const auto& column : matrix.columns) {
    ordered_json entry = {{"name", column.name}};
    if (column.start_up > 0) entry["start_up"] = column.start_up;
    document["columns"].push_back(entry);
  }
  const std::string rows{matrix.wording->rows};
  document[rows] = ordered_json::array();
  for (const auto& row : matrix.rows) {
    ordered_json cells;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const auto& cell = row.cells[i];
      ordered_json entry = {{"measured", word(cell.measured, *matrix.wording)}, {"answer", cell.answer}};
      if (cell.declared != Verdict::unclear) entry["declared"] = word(cell.declared, *matrix.wording);
      cells[matrix.columns[i].name] = entry;
    }
    ordered_json entry = {{"id", row.probe.id},
                          {"title", row.probe.title},
                          {"question", row.probe.question},
                          {"chapter", row.probe.chapter}};
    if (!row.probe.threats.empty()) entry["threats"] = row.probe.threats;
    if (!row.probe.cve.empty()) entry["cve"] = row.probe.cve;
    entry["cells"] = cells;
    document[rows].push_back(entry);
  }
  // A peer's messages may hold any bytes.
  return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace dockwright::workbook::matrix
