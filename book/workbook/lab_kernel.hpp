#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// The laboratory's kernel: Debian's for machines in the cloud, downloaded once by apt and unpacked below the
/// build directory. Nothing is installed, and no root is needed.
namespace dockwright::workbook {

struct LabKernel {
  std::filesystem::path directory;  ///< build/vm-cache/kernel
  std::string release;              ///< "6.1.0-18-cloud-amd64"

  [[nodiscard]] std::filesystem::path image() const { return directory / "vmlinuz"; }
  [[nodiscard]] std::filesystem::path modules() const { return directory / "lib/modules" / release; }
};

/// Looks into the cache only. @returns whether there is a kernel, and which
bool find_kernel(const std::filesystem::path& cache, LabKernel& kernel);

/// The kernel of the cache; where there is none, it is downloaded, which is said on standard error.
/// @throws Failure that says what is missing and how to get it
LabKernel find_or_fetch_kernel(const std::filesystem::path& cache);

/// Those modules and all that they need, in the order in which they can be loaded, as paths below `modules`.
/// One that is not there is part of the kernel itself. `dependencies` is the content of a modules.dep.
std::vector<std::string> load_order(const std::string& dependencies, const std::vector<std::string>& wanted);

/// The first package among the lines of `apt-cache depends` that is a kernel:
/// "linux-image-6.1.0-18-cloud-amd64".
std::vector<std::string> kernel_packages(const std::string& depends);

}  // namespace dockwright::workbook
