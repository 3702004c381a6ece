#pragma once
// A throw-away project to weave and to judge: `book/` and `chapters/` in a temporary directory.

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "book/workbook/weave_text.hpp"

namespace dockwright {

class Scratch {
 public:
  Scratch() {
    auto name = (std::filesystem::temp_directory_path() / "dockwright-pages-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"cannot make a temporary directory"};
    root_ = name;
    std::filesystem::create_directories(root_ / "book/figures");
    std::filesystem::create_directories(root_ / "chapters");
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code error;
    std::filesystem::remove_all(root_, error);
  }
  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  void write(const std::string& file, const std::string& text) const {
    std::filesystem::create_directories((root_ / file).parent_path());
    weave::write_file(root_ / file, text);
  }

 private:
  std::filesystem::path root_{};
};

}  // namespace dockwright
