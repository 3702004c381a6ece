#pragma once
// Tables that the project keeps as data: the isolation matrix, the causes of errors, the system calls.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright::weave {

/// Rows of the isolation matrix. `when` is `before`: what chapter `chapter` turns green; or `after`: what is
/// still red when it ends, and which chapter mends it. @throws std::runtime_error
std::string matrix_cells(const std::filesystem::path& root, int chapter, std::string_view when);

/// The attack table as declared, for these stages: a row for each attack that has something to attack in the
/// last of them. No stages: all there are, and what comes back with `--privileged`. @throws
/// std::runtime_error
std::string attack_table(const std::filesystem::path& root, const std::vector<int>& stages);

/// The causes and cures that belong to a chapter (`2`), or all of them (`all`). @throws std::runtime_error
std::string causes_table(const std::filesystem::path& root, std::string_view which);

/// Every system call that a stage makes, with its purpose, its manual page and the section that introduces
/// it.
std::string syscalls_table(const std::filesystem::path& root);

}  // namespace dockwright::weave
