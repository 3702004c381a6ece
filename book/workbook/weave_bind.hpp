#pragma once
// Binding: what is done to the pages after Doxygen wrote them. It puts in the sidebar and the links to the
// next and the previous page, gives headings the levels and links that they ought to have, and writes the
// index that the search reads.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "book/workbook/weave_contents.hpp"

namespace dockwright::weave {

/// Binds every page of `folder`, which Doxygen has filled. @throws std::runtime_error
void bind_book(const std::filesystem::path& root, const std::filesystem::path& folder);

/// One page: `name` is its file name without `.html`.
std::string bind_page(const std::vector<ContentsPart>& parts, const std::string& name, std::string html);

/// One place that a search can lead to.
struct IndexEntry {
  std::string url{};
  std::string page{};     ///< Title of the page.
  std::string section{};  ///< Heading of the section; empty for a page's beginning.
  std::string text{};
};

/// The places of one bound page.
std::vector<IndexEntry> index_page(const std::string& file_name, std::string_view html);

/// The index as a script that sets a variable: pages opened from a disk (`file://`) may load a script, but
/// not fetch data.
std::string index_script(const std::vector<IndexEntry>& entries);

}  // namespace dockwright::weave
