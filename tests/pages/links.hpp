#pragma once
// What the finished book must keep to: links that lead somewhere, and nothing that is fetched from elsewhere.

#include <filesystem>
#include <string>
#include <vector>

namespace dockwright::gates {

/// Links to a page, a place on a page or a file that is not there; ids that a book's page has twice; pictures
/// without `alt`; scripts, styles and pictures from another machine.
std::vector<std::string> dead_links(const std::filesystem::path& folder);

}  // namespace dockwright::gates
