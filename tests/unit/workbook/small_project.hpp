#pragma once
// A project in a temporary directory, with one chapter and no compiler: what the workbook's own tests work
// on.

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "book/workbook/project.hpp"
#include "book/workbook/text.hpp"

namespace small {

namespace fs = std::filesystem;

inline constexpr const char* kSource =
    "#include <x>\n"
    "//! [run]\n"
    "int run() {\n"
    "  //! [ex2.1]\n"
    "  change_the_root();\n"
    "  //! [ex2.1]\n"
    "  return 0;\n"
    "}\n"
    "//! [run]\n";

inline constexpr const char* kSheet =
    "chapter: 2\n"
    "title: chroot\n"
    "minutes: 45\n"
    "needs: []\n"
    "man: [chroot(2)]\n"
    "exercises:\n"
    "  - id: \"2.1\"\n"
    "    title: Change the root\n"
    "    file: run.cpp\n"
    "    task: Make the root file system the root.\n"
    "    checks:\n"
    "      - run: '$RUNTIME run'\n"
    "        output: inside\n"
    "        untouched: outside\n"
    "    saw:\n"
    "      - when: outside\n"
    "        say: You are still outside.\n"
    "    hints: [think, think again]\n"
    "    learnt: A root is a pointer.\n";

class SmallProject {
 public:
  SmallProject() {
    std::string name = (fs::temp_directory_path() / "workbook-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    write("CMakeLists.txt", "");
    write("chapters/02-chroot/run.cpp", kSource);
    write("chapters/02-chroot/exercises.yaml", kSheet);
  }
  ~SmallProject() { fs::remove_all(path_); }
  SmallProject(const SmallProject&) = delete;
  SmallProject& operator=(const SmallProject&) = delete;

  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    dockwright::workbook::write_file(path_ / name, text);
  }
  void write_program(const std::string& name, const std::string& text) const {
    write(name, "#!/bin/sh\n" + text);
    fs::permissions(path_ / name, fs::perms::owner_all);
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    return dockwright::workbook::read_file(path_ / name);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }
  [[nodiscard]] dockwright::workbook::Project project() const { return dockwright::workbook::Project{path_}; }

 private:
  fs::path path_;
};

/// The message of what `action` throws; empty when it throws nothing.
template <typename Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

}  // namespace small
