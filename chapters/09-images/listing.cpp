#include "chapters/09-images/listing.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "chapters/09-images/field_format.hpp"
#include "common/check.hpp"

namespace dockwright {

using Json = nlohmann::ordered_json;

namespace {

constexpr std::string_view kTable = "table";

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// How many columns of a terminal UTF-8 text takes, near enough: what
/// continues a character takes none.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
      }));
}

/// Lines of cells with a tab between them, as a table: three spaces
/// between columns, and none narrower than ten.
std::string aligned(const std::vector<std::string>& lines) {
  constexpr std::size_t kGap = 3;
  constexpr std::size_t kNarrowest = 10;
  std::vector<std::vector<std::string>> cells;
  std::vector<std::size_t> widths;
  for (const std::string& line : lines) {
    cells.push_back(split(line, '\t'));
    widths.resize(std::max(widths.size(), cells.back().size()));
    for (std::size_t i = 0; i + 1 < cells.back().size(); ++i)
      widths[i] = std::max(
          {widths[i], kNarrowest, width_of(cells.back()[i]) + kGap});
  }
  std::string text;
  for (const auto& row : cells) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i)
      text += row[i] + std::string(widths[i] - width_of(row[i]), ' ');
    text += row.back() + "\n";
  }
  return text;
}

std::string usual_columns(const Listing& listing) {
  std::string format;
  for (const Column& column : listing.columns)
    if (column.usual)
      format += fmt::format("{}{{{{.{}}}}}", format.empty() ? "" : "\t",
                            column.field);
  return format;
}

Json object_of(const Row& row) {
  Json object = Json::object();
  for (const auto& [field, text] : row) object[field] = text;
  return object;
}

Json headings(const Listing& listing) {
  Json row = Json::object();
  for (const Column& column : listing.columns)
    row[column.field] = column.heading;
  return row;
}

std::string table(const Listing& listing, std::string_view columns) {
  const FieldFormat format{columns};
  std::vector<std::string> lines{format.of(headings(listing))};
  for (const Row& row : listing.rows)
    lines.push_back(format.of(object_of(row)));
  return aligned(lines);
}

}  // namespace

std::string listed(const Listing& listing, std::string_view format) {
  std::string text;
  if (format.empty() || format == kTable)
    return table(listing, usual_columns(listing));
  if (format.starts_with("table "))
    return table(listing, format.substr(kTable.size() + 1));
  if (format == "json") {
    for (const Row& row : listing.rows)
      text += object_of(row).dump() + "\n";
    return text;
  }
  const FieldFormat each{format};
  for (const Row& row : listing.rows)
    text += each.of(object_of(row)) + "\n";
  return text;
}

}  // namespace dockwright
