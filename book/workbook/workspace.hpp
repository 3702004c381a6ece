#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "book/workbook/exercise.hpp"
#include "book/workbook/project.hpp"

/// The reader's copies of chapters, in my/.
namespace dockwright::workbook {

/// A chapter's files as a reader starts from them: file name → text. Every exercise's region is cut.
std::map<std::string, std::string> starter_files(const Chapter& chapter, const ExerciseSheet& sheet);

/// The reader's directory for a chapter, `my/02-chroot`.
std::filesystem::path my_chapter(const Project& project, const Chapter& chapter);

bool is_started(const Project& project, const Chapter& chapter);

/// Makes the reader's copy. @throws std::runtime_error when there is one already
void start_chapter(const Project& project, const Chapter& chapter);

/// Whether the reader has changed anything since the start.
bool is_changed(const Project& project, const Chapter& chapter);

/// Puts the starter back. What was there moves to the attic. @returns the attic's directory, or an empty path
/// when nothing had been changed
std::filesystem::path reset_chapter(const Project& project, const Chapter& chapter);

/// The programs that CMake makes of a reader's chapter, in the build's bin/.
std::filesystem::path my_stage(const Project& project, int chapter);
std::filesystem::path my_program(const Project& project, const Exercise& exercise);

/// The reader's program and, if it has one, the exercise's own.
struct Targets {
  std::string stage, program;
};
Targets targets_of(const Chapter& chapter, const Exercise& exercise);

}  // namespace dockwright::workbook
