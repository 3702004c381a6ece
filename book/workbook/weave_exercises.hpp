#pragma once
// What a page takes from its chapter's `exercises.yaml`: the "at a glance" box and the list of exercises.

#include <filesystem>
#include <string>
#include <vector>

namespace dockwright::weave {

/// One exercise as the page shows it.
struct PageExercise {
  std::string id{};
  std::string title{};
  std::string file{};
  std::string task{};
  std::vector<std::string> needs{};
  std::vector<std::string> commands{};  ///< What its checks run.
  std::vector<std::string> hints{};
  std::string learnt{};
};

/// The head of a chapter's `exercises.yaml`, and its exercises.
struct PageExercises {
  int chapter = 0;
  std::string title{};
  int minutes = 0;
  std::vector<std::string> needs{};
  std::vector<std::string> man{};
  std::vector<std::string> able{};  ///< What the reader can do afterwards: "say …", "give …".
  std::vector<PageExercise> exercises{};
};

/// Reads `chapters/NN-…/exercises.yaml`. @throws std::runtime_error that names the file and what it lacks.
PageExercises load_exercises(const std::filesystem::path& root, int chapter);

/// The "at a glance" box: what the reader will be able to do, new lines (counted in the sources), minutes,
/// needs, manual pages. @throws std::runtime_error when the sheet does not say what the reader will be able
/// to do.
std::string glance_box(const std::filesystem::path& root, int chapter);

/// The list of a chapter's exercises, each with its task, its commands and its hints, one behind the other.
std::string exercise_list(const std::filesystem::path& root, int chapter);

/// Lines of code in the chapter's `.cpp` and `.hpp` files that are neither blank nor comment.
std::size_t code_lines(const std::filesystem::path& directory);

}  // namespace dockwright::weave
