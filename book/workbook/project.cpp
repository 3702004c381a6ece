#include "book/workbook/project.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <stdexcept>

namespace dockwright::workbook {

namespace fs = std::filesystem;

namespace {

bool is_project(const fs::path& directory) {
  return fs::is_regular_file(directory / "CMakeLists.txt") && fs::is_directory(directory / "chapters");
}

/// "02-chroot" → 2, anything else → -1.
int number_of(const std::string& name) {
  const auto digit = [&](std::size_t at) { return std::isdigit(static_cast<unsigned char>(name[at])) != 0; };
  if (name.size() < 4 || !digit(0) || !digit(1) || name[2] != '-') return -1;
  return (name[0] - '0') * 10 + (name[1] - '0');
}

}  // namespace

std::string Chapter::stage() const { return fmt::format("stage{:02}", number); }

std::string Chapter::spine() const { return fs::exists(directory / "build.cpp") ? "build.cpp" : "run.cpp"; }

Project Project::find(const fs::path& start) {
  for (auto directory = fs::absolute(start).lexically_normal();; directory = directory.parent_path()) {
    if (is_project(directory)) return Project{directory};
    if (directory == directory.parent_path()) break;
  }
  throw std::runtime_error(
      fmt::format("{} is not inside the project: no directory above it has CMakeLists.txt and chapters/. "
                  "Change to the project first.",
                  start.string()));
}

Project Project::find() {
  if (const char* root = std::getenv("WORKBOOK_ROOT"); root != nullptr && *root != '\0')
    return find(fs::path{root});
  try {
    return find(fs::current_path());
  } catch (const std::runtime_error&) {
    std::error_code unknown;
    const auto self = fs::read_symlink("/proc/self/exe", unknown);
    if (unknown || !is_project(self.parent_path().parent_path().parent_path())) throw;
    return Project{self.parent_path().parent_path().parent_path()};
  }
}

fs::path Project::build() const {
  const char* other = std::getenv("DOCKWRIGHT_BUILD");
  return other != nullptr && *other != '\0' ? fs::absolute(other) : root_ / "build";
}

std::vector<Chapter> Project::chapters() const {
  std::vector<Chapter> chapters;
  for (const auto& entry : fs::directory_iterator(root_ / "chapters")) {
    const auto name = entry.path().filename().string();
    if (const int number = number_of(name); number >= 0 && entry.is_directory())
      chapters.push_back({.number = number, .name = name, .directory = entry.path()});
  }
  std::sort(chapters.begin(), chapters.end(),
            [](const Chapter& a, const Chapter& b) { return a.number < b.number; });
  return chapters;
}

Chapter Project::chapter(int number) const {
  std::string known;
  for (const auto& chapter : chapters()) {
    if (chapter.number == number) return chapter;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", chapter.number);
  }
  throw std::runtime_error(fmt::format("there is no chapter {}; the chapters are {}", number,
                                       known.empty() ? "not there yet" : known));
}

}  // namespace dockwright::workbook
