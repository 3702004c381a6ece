#include "chapters/12-build-cache/progress/redraw.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chapters/12-build-cache/progress/columns.hpp"

namespace dockwright {

/// How many rows of a window of that width are ours.
std::size_t Redraw::rows(unsigned columns) const {
  std::size_t rows = 0;
  for (const std::string& line : plain_)
    rows += std::max<std::size_t>(
        1, (columns_of(line) + columns - 1) / std::max(columns, 1U));
  return rows;
}

std::string Redraw::over(const std::vector<std::string>& lines,
                         const std::vector<std::string>& plain,
                         unsigned columns) {
  std::string text;
  const bool same_width = columns == columns_;
  if (const std::size_t up = rows(columns); up > 0)
    text = fmt::format("\033[{}A\r", up);
  if (!same_width && !text.empty()) text += "\033[J";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool stands =
        same_width && i < drawn_.size() && drawn_[i] == lines[i];
    text += stands ? "\n" : "\r" + lines[i] + "\033[K\n";
  }
  if (same_width && lines.size() < drawn_.size()) text += "\033[J";
  drawn_ = lines;
  plain_ = plain;
  columns_ = columns;
  return text;
}

}  // namespace dockwright
