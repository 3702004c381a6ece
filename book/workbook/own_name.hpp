#pragma once

#include <string>
#include <string_view>

/// A command that the workbook tells a reader to type must work as it stands: `build/bin/workbook check 2.1`
/// for one who has typed `build/bin/workbook`, `workbook check 2.1` for one who has it on PATH.
namespace dockwright::workbook {

/// How the reader has called us (argv[0]).
void set_own_name(std::string_view name);

/// A sentence or command in which the word `workbook`, where a command begins, is what the reader types.
std::string as_typed(std::string_view text);

}  // namespace dockwright::workbook
