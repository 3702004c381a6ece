#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace dockwright::workbook {

/// A chapter's directory, `chapters/02-chroot`.
struct Chapter {
  int number = 0;
  std::string name;  ///< "02-chroot"
  std::filesystem::path directory;

  [[nodiscard]] std::string stage() const;  ///< "stage02"
  /// The file with the chapter's story: `build.cpp` where there is one, else `run.cpp`.
  [[nodiscard]] std::string spine() const;
  [[nodiscard]] std::filesystem::path exercises() const { return directory / "exercises.yaml"; }
};

/// Where everything lies: the directory with CMakeLists.txt and chapters/, found from any directory inside
/// it.
class Project {
 public:
  explicit Project(std::filesystem::path root) : root_{std::move(root)} {}

  /// Looks upwards from `start`. @throws std::runtime_error when there is no project around it.
  static Project find(const std::filesystem::path& start);
  /// From the current directory, or, outside the project, from the program's own place; WORKBOOK_ROOT
  /// overrides both.
  static Project find();

  [[nodiscard]] const std::filesystem::path& root() const noexcept { return root_; }
  [[nodiscard]] std::filesystem::path build() const;  ///< build/, or DOCKWRIGHT_BUILD
  [[nodiscard]] std::filesystem::path bin() const { return build() / "bin"; }
  [[nodiscard]] std::filesystem::path rootfs() const { return build() / "rootfs"; }
  [[nodiscard]] std::filesystem::path my() const { return root_ / "my"; }

  /// All numbered chapters, in order.
  [[nodiscard]] std::vector<Chapter> chapters() const;
  /// @throws std::runtime_error that lists the chapters there are.
  [[nodiscard]] Chapter chapter(int number) const;

 private:
  std::filesystem::path root_;
};

}  // namespace dockwright::workbook
