#pragma once

#include <string>
#include <string_view>
#include <vector>

/// An exercise's place in the real source: the lines between two `//! [ex2.1]` lines. The same tag gives the
/// book's snippet, the starter's cut and the solution's diff.
namespace dockwright::workbook {

/// What stands in a region's place.
struct Cut {
  std::string id = {};       ///< "2.1"
  std::string task = {};     ///< becomes the `// TODO(2.1): …` comment
  std::string starter = {};  ///< code below the comment, where an empty region would not compile
};

/// Whether a line is a marker of any kind, `//! [name]`.
bool is_marker(std::string_view line);

/// The lines between the two markers of exercise `id`.
/// @throws std::runtime_error "FILE:LINE: …" when there is no such pair, or more than one
std::vector<std::string> region_of(std::string_view source, std::string_view id, const std::string& file);

/// The source with the regions of `cuts` replaced and all markers taken out: what a reader starts from.
std::string starter_of(std::string_view source, const std::vector<Cut>& cuts, const std::string& file);

/// The source with the region of `id` replaced by other code: a deliberately wrong program.
std::string with_region(std::string_view source, std::string_view id, std::string_view code,
                        const std::string& file);

/// The source as a reader sees it: without markers.
std::string without_markers(std::string_view source);

}  // namespace dockwright::workbook
