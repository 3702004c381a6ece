#include "book/workbook/agenda.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>

#include "book/workbook/workspace.hpp"

namespace dockwright::workbook {

namespace {

/// The first exercise of a sheet that has not been passed.
const Exercise* next_exercise(const ExerciseSheet& sheet, const Progress& progress) {
  for (const auto& exercise : sheet.exercises)
    if (!progress.has_passed(exercise.id)) return &exercise;
  return nullptr;
}

Agenda nothing_started(const Chapter& first) {
  return {.state = Agenda::State::nothing_started,
          .chapter = first.number,
          .exercise = "",
          .where = "Everything is built. No chapter is started yet.",
          .command = fmt::format("workbook start {}", first.number)};
}

Agenda at_exercise(const ExerciseSheet& sheet, const Exercise& exercise, const Progress& progress) {
  return {.state = Agenda::State::at_exercise,
          .chapter = sheet.chapter,
          .exercise = exercise.id,
          .where = fmt::format("Chapter {}, {}: {} of {} exercises passed. Next: {} {}.", sheet.chapter,
                               sheet.title, count_passed(sheet, progress), sheet.exercises.size(),
                               exercise.id, exercise.title),
          .command = "workbook check " + exercise.id};
}

}  // namespace

int count_passed(const ExerciseSheet& sheet, const Progress& progress) {
  return static_cast<int>(
      std::count_if(sheet.exercises.begin(), sheet.exercises.end(),
                    [&](const Exercise& exercise) { return progress.has_passed(exercise.id); }));
}

int chapter_of_id(const std::string& id) {
  int chapter = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), chapter);
  if (error != std::errc{} || (end != id.data() + id.size() && *end != '.'))
    throw std::runtime_error(fmt::format("'{}' is no exercise; an exercise is CHAPTER.NUMBER, as 2.1", id));
  return chapter;
}

Agenda agenda_of(const Project& project, const Progress& progress) {
  if (!std::filesystem::exists(project.bin() / "stage01") || !std::filesystem::is_directory(project.rootfs()))
    return {
        .state = Agenda::State::not_built,
        .chapter = 0,
        .exercise = "",
        .where =
            "The stages are not built yet. The tour installs what is missing, builds, and shows you around.",
        .command = "chapters/tour"};
  std::vector<Chapter> with_exercises;
  for (const auto& chapter : project.chapters())
    if (has_exercises(chapter)) with_exercises.push_back(chapter);
  std::optional<Chapter> last_done;
  for (const auto& chapter : with_exercises) {
    const auto sheet = load_exercises(chapter);
    const auto* next = next_exercise(sheet, progress);
    if (next == nullptr)
      last_done = chapter;
    else if (is_started(project, chapter))
      return at_exercise(sheet, *next, progress);
  }
  if (with_exercises.empty() || (!last_done && !with_exercises.empty())) {
    if (!with_exercises.empty()) return nothing_started(with_exercises.front());
    return {Agenda::State::all_done, 0, "", "There are no exercises yet.", "workbook --help"};
  }
  for (const auto& chapter : with_exercises)
    if (chapter.number > last_done->number)
      return {.state = Agenda::State::chapter_done,
              .chapter = chapter.number,
              .exercise = "",
              .where = fmt::format("Chapter {} is done: all its exercises are passed.", last_done->number),
              .command = fmt::format("workbook start {}", chapter.number)};
  return {.state = Agenda::State::all_done,
          .chapter = last_done->number,
          .exercise = "",
          .where = "All exercises there are, are passed. Compare what you have built:",
          .command = fmt::format("workbook compare 1 {}", last_done->number)};
}

std::string current_exercise(const Project& project, const Progress& progress) {
  const auto agenda = agenda_of(project, progress);
  if (agenda.state == Agenda::State::at_exercise) return agenda.exercise;
  throw std::runtime_error(fmt::format("no exercise is open. {} Type `{}`.", agenda.where, agenda.command));
}

}  // namespace dockwright::workbook
