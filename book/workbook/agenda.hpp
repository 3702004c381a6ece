#pragma once

#include <string>

#include "book/workbook/exercise.hpp"
#include "book/workbook/progress.hpp"
#include "book/workbook/project.hpp"

namespace dockwright::workbook {

/// Where a reader is, and the one command to type next.
struct Agenda {
  enum class State { not_built, nothing_started, at_exercise, chapter_done, all_done };
  State state = State::not_built;
  int chapter = 0;       ///< the chapter at hand
  std::string exercise;  ///< the exercise at hand, or empty
  std::string where;     ///< a sentence
  std::string command;   ///< what to type
};

Agenda agenda_of(const Project& project, const Progress& progress);

/// "2.1" → 2. @throws std::runtime_error when it is no such id
int chapter_of_id(const std::string& id);

/// The exercise that a command without an id means. @throws std::runtime_error that says what to type when
/// there is none
std::string current_exercise(const Project& project, const Progress& progress);

/// Passed exercises of a sheet.
int count_passed(const ExerciseSheet& sheet, const Progress& progress);

}  // namespace dockwright::workbook
