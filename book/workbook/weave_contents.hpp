#pragma once
// The order of the book: parts and their pages, from `book/parts.yaml`. The sidebar, the links to the
// previous and the next page, and the table of contents are all made from it, so a new chapter is one line
// there.

#include <filesystem>
#include <string>
#include <vector>

namespace dockwright::weave {

/// One page of the book.
struct ContentsPage {
  std::filesystem::path file{};
  std::string id{};     ///< Of its first heading; the page is `ID.html`.
  std::string title{};  ///< Without the id.
  std::string about{};  ///< One line, for the table of contents.
};

/// A part of the book, with the pages of it that exist.
struct ContentsPart {
  std::string title{};
  std::vector<ContentsPage> pages{};
};

/// The parts of the book, in order; a part that has no page yet is left out. @throws std::runtime_error
std::vector<ContentsPart> load_contents(const std::filesystem::path& root);

/// The pages of all parts, in the order of reading.
std::vector<ContentsPage> reading_order(const std::vector<ContentsPart>& parts);

/// Title and id of a page, from its first line `# Title {#id}`. @throws std::runtime_error
ContentsPage read_title(const std::filesystem::path& page);

/// The table of contents as HTML.
std::string contents_list(const std::vector<ContentsPart>& parts);

/// The sidebar as HTML; the page `current` (an id) is marked.
std::string sidebar(const std::vector<ContentsPart>& parts, const std::string& current);

/// Links to the page before and the page after `current`; nothing for a page that is not in the book's order.
std::string pager(const std::vector<ContentsPart>& parts, const std::string& current);

}  // namespace dockwright::weave
