#pragma once
// The difference of two sources, as `diff -u` writes it: the lesson of a chapter is the difference of two
// spines.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright::weave {

/// The lines of a unified difference with `context` lines around each change, without the two lines that name
/// the files.
std::vector<std::string> unified_diff(const std::vector<std::string>& before,
                                      const std::vector<std::string>& after, std::size_t context = 3);

/// The lines of a spine that the book compares: from the first line that is neither comment nor `#include`
/// nor blank, without the `//! [tag]` markers.
std::vector<std::string> spine_lines(const std::vector<std::string>& source);

/// The spine called `name` of a stage: the chapter's own, or the nearest earlier one, which the stage is
/// linked with. `run` ends with chapter 10; the builder's `build.cpp` begins with chapter 11.
std::optional<std::filesystem::path> spine_file(const std::filesystem::path& root, int chapter,
                                                std::string_view name);

/// The difference of two stages' spines, `run.cpp` and `build.cpp`, without essay, includes and markers. A
/// spine that is new stands there whole; one that is the same file does not. @throws std::runtime_error
std::vector<std::string> spine_diff_lines(const std::filesystem::path& root, int before, int after);

/// The same as HTML. @throws std::runtime_error
std::string spine_diff(const std::filesystem::path& root, int before, int after);

}  // namespace dockwright::weave
