#pragma once
// What every page of the book must keep to, as functions from text to complaints, so that each rule can be
// shown a bad page. A complaint is `FILE:LINE: what is wrong`; no complaint, no fault.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright::gates {

using Complaints = std::vector<std::string>;

/// A page's source: what errors call it, and its text.
struct Page {
  std::filesystem::path file{};
  std::string text{};
};

/// The pages of `book/`, sorted by name.
std::vector<Page> load_pages(const std::filesystem::path& root);

/// C++ is cut from sources by `@snippet`, never typed into a page.
Complaints typed_code(const Page& page);

/// Every heading has an id of its own, and no two in the book have the same.
Complaints heading_ids(const std::vector<Page>& pages);

/// A chapter's page (its first heading has an id such as `ch02`) has the thirteen sections, in their order.
Complaints section_order(const Page& page);

/// What is shown has at most 72 columns: the snippets that the page names, and its blocks of code; a terminal
/// and a difference have 80.
Complaints wide_code(const std::filesystem::path& root, const Page& page);

/// Every picture says in words what it shows. (`@figure` cannot be written without.)
Complaints silent_pictures(const Page& page);

/// A drawing on a chapter's page names no system call that only a later chapter brings.
Complaints early_calls(const std::filesystem::path& root, const Page& page);

/// A chapter's page has 2,000 to 3,500 words of its own, code, directives and headings not counted.
Complaints word_count(const Page& page);
std::size_t count_words(std::string_view text);

/// No hint of a chapter's exercises contains a line of the solution.
Complaints telling_hints(const std::filesystem::path& root, int chapter);

/// `hint` gives away a line of `solution` (lines that say nothing, such as a brace, do not count).
bool gives_away(std::string_view hint, const std::vector<std::string>& solution);

/// Every `//! [tag]` of a chapter is shown by a page or is an exercise's, and every exercise has its tag.
Complaints unused_tags(const std::filesystem::path& root, int chapter, const std::vector<Page>& pages);

/// Every transcript of a chapter is printed by a page.
Complaints unused_transcripts(const std::filesystem::path& root, int chapter, const std::vector<Page>& pages);

/// The lines between the two `//! [tag]` of a source, without markers of other regions and without the
/// indentation that all of them share.
std::vector<std::string> region(const std::vector<std::string>& source, std::string_view tag);

}  // namespace dockwright::gates
