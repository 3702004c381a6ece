#include "book/workbook/region.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "book/workbook/text.hpp"

namespace dockwright::workbook {

namespace {

constexpr std::size_t kColumns = 72;

std::string marker_of(std::string_view id) { return fmt::format("//! [ex{}]", id); }

std::string indent_of(std::string_view line) {
  return std::string{line.substr(0, std::min(line.find_first_not_of(' '), line.size()))};
}

/// First and last line of a region: its two markers.
struct Span {
  std::size_t first, last;
};

Span find_region(const std::vector<std::string>& lines, std::string_view id, const std::string& file) {
  const auto marker = marker_of(id);
  std::vector<std::size_t> found;
  for (std::size_t at = 0; at < lines.size(); ++at)
    if (trim(lines[at]) == marker) found.push_back(at);
  if (found.empty()) throw std::runtime_error(fmt::format("{}: there is no region {}", file, marker));
  if (found.size() != 2)
    throw std::runtime_error(fmt::format("{}:{}: the region {} has {} marker lines instead of two", file,
                                         found.front() + 1, marker, found.size()));
  return {found[0], found[1]};
}

/// The lines with those of a region, and its markers, replaced.
void replace_region(std::vector<std::string>& lines, Span span, const std::vector<std::string>& with) {
  const auto at = lines.begin() + static_cast<std::ptrdiff_t>(span.first);
  lines.erase(at, lines.begin() + static_cast<std::ptrdiff_t>(span.last) + 1);
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(span.first), with.begin(), with.end());
}

std::vector<std::string> todo_of(const Cut& cut, const std::string& indent) {
  std::vector<std::string> lines;
  const auto text = fmt::format("TODO({}): {}", cut.id, cut.task);
  for (const auto& line : wrap(text, kColumns - indent.size() - 3)) lines.push_back(indent + "// " + line);
  for (const auto& line : split_lines(cut.starter)) lines.push_back(line.empty() ? "" : indent + line);
  return lines;
}

}  // namespace

bool is_marker(std::string_view line) {
  const auto text = trim(line);
  return starts_with(text, "//! [") && text.back() == ']';
}

std::vector<std::string> region_of(std::string_view source, std::string_view id, const std::string& file) {
  const auto lines = split_lines(source);
  const auto span = find_region(lines, id, file);
  return {lines.begin() + static_cast<std::ptrdiff_t>(span.first) + 1,
          lines.begin() + static_cast<std::ptrdiff_t>(span.last)};
}

std::string starter_of(std::string_view source, const std::vector<Cut>& cuts, const std::string& file) {
  auto lines = split_lines(source);
  for (const auto& cut : cuts) {
    const auto span = find_region(lines, cut.id, file);
    for (std::size_t at = span.first + 1; at < span.last; ++at)
      if (starts_with(trim(lines[at]), "//! [ex"))
        throw std::runtime_error(
            fmt::format("{}:{}: the regions {} and {} overlap; exercises stand one after the other", file,
                        at + 1, marker_of(cut.id), trim(lines[at])));
    replace_region(lines, span, todo_of(cut, indent_of(lines[span.first])));
  }
  return without_markers(join_lines(lines));
}

std::string with_region(std::string_view source, std::string_view id, std::string_view code,
                        const std::string& file) {
  auto lines = split_lines(source);
  replace_region(lines, find_region(lines, id, file), split_lines(code));
  return without_markers(join_lines(lines));
}

std::string without_markers(std::string_view source) {
  auto lines = split_lines(source);
  lines.erase(
      std::remove_if(lines.begin(), lines.end(), [](const std::string& line) { return is_marker(line); }),
      lines.end());
  return join_lines(lines);
}

}  // namespace dockwright::workbook
