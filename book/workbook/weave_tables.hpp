#pragma once
// Pieces of a page that come from a file: drawings, and tables that a program measured.

#include <filesystem>
#include <string>
#include <string_view>

namespace dockwright::weave {

/// The drawing `book/figures/NAME` as part of the page, with `alternative` as the text for who cannot see it.
/// The drawing's own `<title>` becomes the caption. @throws std::runtime_error when it has none, or the text
/// is missing.
std::string figure(const std::filesystem::path& root, std::string_view name, std::string_view alternative);

/// The table `book/measured/NAME.md`, made by a program in tests/bench. @throws std::runtime_error
std::string measured_table(const std::filesystem::path& root, std::string_view name);

/// The difference in system calls of two stages, from `book/measured/syscalls-01-02.txt`. @throws
/// std::runtime_error
std::string syscall_diff(const std::filesystem::path& root, int before, int after);

}  // namespace dockwright::weave
