#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "book/workbook/exercise.hpp"
#include "book/workbook/project.hpp"

/// Variants of a chapter's program: starters and deliberately wrong ones. Only what differs is compiled; it
/// is linked with everything else as the build made it.
namespace dockwright::workbook {

struct Variant {
  std::map<std::string, std::string> files;  ///< file name → changed text
  std::string program;                       ///< a program of its own ("breakout"); empty: the stage
};

struct BuiltVariant {
  std::filesystem::path path;  ///< the program; empty when it does not compile
  std::string messages;        ///< what the compiler said
};

/// Compiles and links a variant of `chapter` below `directory`.
/// @throws std::runtime_error when the chapter itself has not been built
BuiltVariant build_variant(const Project& project, const Chapter& chapter, const Variant& variant,
                           const std::filesystem::path& directory);

/// The starter in which only this exercise is cut: as a reader meets it who has done the ones before.
Variant starter_variant(const Chapter& chapter, const Exercise& exercise);

/// The starter of the whole chapter.
Variant whole_starter(const Chapter& chapter, const ExerciseSheet& sheet);

/// The real source with wrong code in the exercise's region.
Variant wrong_variant(const Chapter& chapter, const Exercise& exercise, const std::string& code);

}  // namespace dockwright::workbook
