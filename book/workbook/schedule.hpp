#pragma once

#include <string>
#include <vector>

namespace dockwright::workbook {

/// What a chapter needs of a workshop's time.
struct Lesson {
  int chapter = 0;
  std::string title;
  int minutes = 0;  ///< all of it: explaining and every exercise
  std::vector<std::string> needs;
  std::vector<std::string> exercises;  ///< "2.1 Change the root"
};

/// How much of a lesson a workshop has time for.
enum class Depth {
  full,   ///< explaining and all exercises
  core,   ///< explaining and the first exercise
  shown,  ///< the instructor shows it
  left,   ///< left for home
};

struct Slot {
  Lesson lesson;
  Depth depth = Depth::full;
  int start = 0;  ///< minutes after the beginning
  int minutes = 0;
  int pause = 0;  ///< minutes of break after it
};

/// Fits lessons into a time: what is cut first are the last chapters' later exercises, then exercises at all,
/// then chapters.
std::vector<Slot> plan(const std::vector<Lesson>& lessons, int minutes);

/// Minutes of a lesson at a depth.
int minutes_at(const Lesson& lesson, Depth depth);

}  // namespace dockwright::workbook
