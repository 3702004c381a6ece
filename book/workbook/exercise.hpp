#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "book/workbook/project.hpp"
#include "book/workbook/region.hpp"

/// A chapter's exercises.yaml as plain data.
namespace dockwright::workbook {

/// One run of the reader's program, and what has to come of it.
struct Check {
  std::string run;
  std::string before_run;             ///< prepares; not shown
  std::optional<std::string> output;  ///< the whole output, with patterns
  std::vector<std::string> contains;
  std::vector<std::string> lacks;
  std::optional<int> exit = 0;  ///< nothing: not looked at
  std::string host;             ///< must succeed afterwards, on the host's side
  std::string untouched;        ///< what the untouched starter shows instead
  std::optional<int> untouched_exit;
  std::string before;  ///< what stage N-1 shows instead
  bool terminal = false;
  int seconds = 10;
};

/// "What it saw": the first rule all of whose conditions hold is shown.
struct SawRule {
  std::string when;  ///< a regular expression on the output; empty: no condition
  std::optional<int> exit;
  bool host_failed = false;
  std::string say;
};

/// A deliberately wrong program that has to be shown the rule whose text contains `says`.
struct WrongProgram {
  std::string code;     ///< C++ in the region's place
  std::string program;  ///< or a bash script that plays the runtime
  std::string stage;    ///< or one of our stages, "01"
  std::string says;
};

struct Exercise {
  std::string id;
  std::string title;
  std::string file;
  std::string program;  ///< a program of its own in the chapter ("breakout"), instead of the stage
  std::string task;
  std::string starter;
  std::vector<std::string> needs;
  std::vector<Check> checks;
  std::vector<SawRule> saw;
  std::vector<WrongProgram> wrong;
  std::vector<std::string> hints;
  std::string learnt;
  bool earlier_passes = false;
  int line = 0;  ///< where it stands in the file

  [[nodiscard]] Cut cut() const { return {.id = id, .task = task, .starter = starter}; }
};

struct ExerciseSheet {
  std::filesystem::path path;
  int chapter = 0;
  std::string title;
  int minutes = 0;
  std::vector<std::string> needs;
  std::vector<std::string> man;
  std::vector<std::string> able;
  std::vector<Exercise> exercises;

  /// @throws std::runtime_error that lists the ids there are
  [[nodiscard]] const Exercise& exercise(const std::string& id) const;
};

/// @throws std::runtime_error "FILE:LINE: …" for every kind of mistake
ExerciseSheet parse_exercises(const std::filesystem::path& path, const std::string& text);

/// Reads a chapter's sheet and makes sure that every region exists.
ExerciseSheet load_exercises(const Chapter& chapter);

/// Whether a chapter has a sheet at all.
bool has_exercises(const Chapter& chapter);

}  // namespace dockwright::workbook
