#pragma once
// Just enough of HTML to read what Doxygen wrote: tags, attributes and text. It is not a parser for the
// world's pages.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright::weave {

/// One tag of a page and where it stands.
struct HtmlTag {
  std::string name{};         ///< Lower case; `/p` for an end tag.
  std::string_view inside{};  ///< All between `<` and `>`.
  std::size_t begin = 0;      ///< Of the `<`.
  std::size_t end = 0;        ///< Behind the `>`.
};

/// All tags in order. Comments are left out, and what stands inside of `script` and `style`.
std::vector<HtmlTag> html_tags(std::string_view html);

/// The value of `name="…"` in a tag, with its entities decoded; empty when it has none.
std::string html_attribute(const HtmlTag& tag, std::string_view name);

/// Whether the tag has the attribute at all.
bool has_attribute(const HtmlTag& tag, std::string_view name);

/// The words of `html`, tags removed, entities decoded, white space folded. Drawings, scripts and navigation
/// are left out.
std::string html_text(std::string_view html);

/// The `.html` files of a folder, sorted by name.
std::vector<std::filesystem::path> html_files(const std::filesystem::path& folder);

}  // namespace dockwright::weave
