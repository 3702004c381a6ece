#pragma once
// What the finished book must not show: markup that Doxygen took for words, because a page wrote it where
// Doxygen does not read it.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright::gates {

/// The words of a page as a reader sees them, code, drawings and scripts left out; every tag is a space.
std::string prose(std::string_view page);

/// Every piece of raw markup in the words of a page: an HTML tag, a command of Doxygen's or of the book's,
/// the id of a heading, and what Markdown means by stars, back-ticks and brackets.
std::vector<std::string> raw_markup(std::string_view html);

/// The same for all pages of the finished book, each with the name of its page.
std::vector<std::string> leaked_markup(const std::filesystem::path& folder);

}  // namespace dockwright::gates
