#pragma once
// Two tables are made by the same machinery: the isolation matrix (what holds inside a stage) and the attack
// table (what an intruder gets). They differ in their rows, which stand in a declaration, and in their words,
// which stand here.

#include <filesystem>
#include <string_view>

namespace dockwright::workbook::matrix {

/// The words of one table.
struct Wording {
  std::string_view command;  ///< `matrix`: of the workbook, and in the names of tests.
  std::string_view title;    ///< `The isolation matrix`
  std::string_view corner;   ///< Heading above the rows' titles.
  std::string_view row;      ///< `probe`
  std::string_view rows;     ///< `probes`: also the key of the list in the declaration.
  std::string_view program;  ///< The static program that is run.
  std::string_view green;    ///< What a green cell says, and the key of the answers that make it so.
  std::string_view red;      ///< The same of a red one.
  std::string_view legend;   ///< Below the table in a terminal.
  std::string_view intro;    ///< Above the table on a page, as HTML.
  std::string_view file;     ///< Where the rows are declared, from the project's root.
};

/// Green and red, from tests/probes/matrix.yaml.
[[nodiscard]] const Wording& isolation_wording() noexcept;

/// Stopped and works, from tests/attacks/attacks.yaml.
[[nodiscard]] const Wording& attack_wording() noexcept;

/// Where a table's declaration is in the project that stands in `root`.
[[nodiscard]] std::filesystem::path declaration_path(const std::filesystem::path& root,
                                                     const Wording& wording = isolation_wording());

}  // namespace dockwright::workbook::matrix
