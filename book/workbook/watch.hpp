#pragma once

#include <filesystem>
#include <functional>

namespace dockwright::workbook {

/// Calls `again` now and after every change of a source file below `directory`, until Ctrl-C (or SIGTERM).
/// @returns 0
int watch(const std::filesystem::path& directory, const std::function<void()>& again);

}  // namespace dockwright::workbook
