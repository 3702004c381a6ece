#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

/// A directory that is gone with its owner. Tests alone may remove trees by path: nobody hostile is about.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "dockwright-test-XXXXXX").native();
    path_ = ::mkdtemp(pattern.data());
  }
  TemporaryDirectory(TemporaryDirectory&&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};
