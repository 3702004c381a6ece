#include "book/workbook/exercise.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "book/workbook/text.hpp"

namespace dockwright::workbook {

const Exercise& ExerciseSheet::exercise(const std::string& id) const {
  std::string known;
  for (const auto& exercise : exercises) {
    if (exercise.id == id) return exercise;
    known += (known.empty() ? "" : ", ") + exercise.id;
  }
  throw std::runtime_error(fmt::format("chapter {} has no exercise {}; it has {}", chapter, id, known));
}

bool has_exercises(const Chapter& chapter) { return std::filesystem::is_regular_file(chapter.exercises()); }

ExerciseSheet load_exercises(const Chapter& chapter) {
  if (!has_exercises(chapter))
    throw std::runtime_error(fmt::format("chapter {} has no exercises ({} is missing)", chapter.number,
                                         chapter.exercises().string()));
  auto sheet = parse_exercises(chapter.exercises(), read_file(chapter.exercises()));
  if (sheet.chapter != chapter.number)
    throw std::runtime_error(fmt::format("{}:1: it says chapter {}, but lies in {}", sheet.path.string(),
                                         sheet.chapter, chapter.name));
  for (const auto& exercise : sheet.exercises) {
    const auto source = chapter.directory / exercise.file;
    if (!std::filesystem::is_regular_file(source))
      throw std::runtime_error(fmt::format("{}:{}: exercise {} names the file {}, which is not in {}",
                                           sheet.path.string(), exercise.line, exercise.id, exercise.file,
                                           chapter.name));
    starter_of(read_file(source), {exercise.cut()}, source.string());  // Throws when the region is not there.
  }
  return sheet;
}

}  // namespace dockwright::workbook
