#pragma once
// Lists as Docker prints them: a table whose columns are as wide as
// what stands in them, a JSON object a line, or a template of the
// user's (`--format 'table {{.ID}}\t{{.Size}}'`).

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dockwright {

/// One column: its field in a row, and what stands above it.
struct Column {
  std::string field{};
  std::string heading{};
  bool usual = true;  ///< Whether it is shown when nobody asks for it.
};

/// The fields of one thing, and what stands in them.
using Row = std::vector<std::pair<std::string, std::string>>;

/// What there is to list.
struct Listing {
  std::vector<Column> columns{};
  std::vector<Row> rows{};
};

/// The list as `format` wants it: `table` (also when empty), `json`,
/// `table TEMPLATE` with headings, or a TEMPLATE for each row.
/// @throws Failure
[[nodiscard]] std::string listed(const Listing& listing,
                                 std::string_view format);

}  // namespace dockwright
