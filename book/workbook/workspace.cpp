#include "book/workbook/workspace.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <stdexcept>

#include "book/workbook/text.hpp"

namespace dockwright::workbook {

namespace fs = std::filesystem;

namespace {

bool is_source(const fs::path& path) { return path.extension() == ".cpp" || path.extension() == ".hpp"; }

void write_files(const fs::path& directory, const std::map<std::string, std::string>& files) {
  fs::create_directories(directory);
  for (const auto& [name, text] : files) {
    fs::create_directories((directory / name).parent_path());
    write_file(directory / name, text);
  }
}

/// A name in the attic that is not taken yet: two resets may fall into one second.
fs::path attic_for(const Project& project, const Chapter& chapter) {
  const auto now = fmt::format("{:%Y%m%dT%H%M%S}", fmt::localtime(std::time(nullptr)));
  for (int number = 1;; ++number) {
    auto place = project.my() / "attic" /
                 (number == 1 ? fmt::format("{}-{}", chapter.name, now)
                              : fmt::format("{}-{}-{}", chapter.name, now, number));
    if (!fs::exists(place)) return place;
  }
}

}  // namespace

std::map<std::string, std::string> starter_files(const Chapter& chapter, const ExerciseSheet& sheet) {
  std::map<std::string, std::vector<Cut>> cuts;
  for (const auto& exercise : sheet.exercises) cuts[exercise.file].push_back(exercise.cut());
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(chapter.directory)) {
    if (!is_source(entry.path())) continue;
    // What lies deeper is built from the chapter itself, but for files with an exercise in them.
    const auto name = fs::relative(entry.path(), chapter.directory).string();
    if (contains_text(name, "/") && cuts.count(name) == 0) continue;
    files[name] = starter_of(read_file(entry.path()), cuts[name], entry.path().string());
  }
  return files;
}

fs::path my_chapter(const Project& project, const Chapter& chapter) { return project.my() / chapter.name; }

bool is_started(const Project& project, const Chapter& chapter) {
  return fs::is_directory(my_chapter(project, chapter));
}

void start_chapter(const Project& project, const Chapter& chapter) {
  if (is_started(project, chapter))
    throw std::runtime_error(
        fmt::format("my/{} is there already, and your work is not overwritten. To begin again: `workbook "
                    "reset {}` (it keeps what "
                    "you have in my/attic).",
                    chapter.name, chapter.number));
  write_files(my_chapter(project, chapter), starter_files(chapter, load_exercises(chapter)));
}

bool is_changed(const Project& project, const Chapter& chapter) {
  const auto directory = my_chapter(project, chapter);
  auto files = starter_files(chapter, load_exercises(chapter));
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_directory() && !entry.is_symlink()) continue;
    const auto found = files.find(fs::relative(entry.path(), directory).string());
    if (found == files.end() || !entry.is_regular_file() || read_file(entry.path()) != found->second)
      return true;
    files.erase(found);
  }
  return !files.empty();
}

fs::path reset_chapter(const Project& project, const Chapter& chapter) {
  if (!is_started(project, chapter))
    throw std::runtime_error(
        fmt::format("chapter {} is not started: `workbook start {}`", chapter.number, chapter.number));
  if (!is_changed(project, chapter)) return {};
  const auto files = starter_files(chapter, load_exercises(chapter));
  const auto attic = attic_for(project, chapter);
  fs::create_directories(attic.parent_path());
  fs::rename(my_chapter(project, chapter), attic);
  write_files(my_chapter(project, chapter), files);
  return attic;
}

fs::path my_stage(const Project& project, int chapter) {
  return project.bin() / fmt::format("my-stage{:02}", chapter);
}

fs::path my_program(const Project& project, const Exercise& exercise) {
  return exercise.program.empty() ? fs::path{} : project.bin() / ("my-" + exercise.program);
}

Targets targets_of(const Chapter& chapter, const Exercise& exercise) {
  return {.stage = "my-" + chapter.stage(),
          .program =
              exercise.program.empty() ? "" : fmt::format("my-{:02}-{}", chapter.number, exercise.program)};
}

}  // namespace dockwright::workbook
