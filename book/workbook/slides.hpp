#pragma once

#include <filesystem>
#include <string>

namespace dockwright::workbook {

/// A chapter's slides as one HTML file that needs nothing else: a slide for each section of the page with its
/// first sentences, transcripts and figures; the rest of the section as the speaker's notes (key N).
/// @param root of the project, for transcripts and figures
std::string make_slides(const std::filesystem::path& root, const std::string& page);

}  // namespace dockwright::workbook
