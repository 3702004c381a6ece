#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "book/workbook/lab_kernel.hpp"
#include "book/workbook/project.hpp"

/// The file system in memory with which the laboratory's kernel starts.
namespace dockwright::workbook {

/// The modules that must be loaded before there is a root.
const std::vector<std::string>& first_modules();

/// The first process and the modules that it needs: enough where the root is shared.
std::string make_small_image(const LabKernel& kernel, const std::filesystem::path& init);

/// The same, and a root of its own, for machines without virtiofsd: BusyBox, this machine's bash and some
/// tools with their libraries, the project and what was built of it, at their own paths.
std::string make_whole_image(const LabKernel& kernel, const std::filesystem::path& init,
                             const Project& project);

/// The libraries that `ldd` names in what it prints.
std::vector<std::string> named_libraries(const std::string& printed);

}  // namespace dockwright::workbook
