#pragma once
// Small things that all of the book's tools need: files, lines, and text made safe for HTML.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright::weave {

/// The whole file. @throws std::runtime_error that names it.
std::string read_file(const std::filesystem::path& file);

/// Writes the whole file. @throws std::runtime_error that names it.
void write_file(const std::filesystem::path& file, std::string_view text);

/// The lines of `text`, without their line ends.
std::vector<std::string> split_lines(std::string_view text);

/// `text` without white space at both ends.
std::string_view trim(std::string_view text);

/// `text` with `&`, `<`, `>` and `"` as HTML writes them.
std::string escape_html(std::string_view text);

/// Plain words with `code` in back-ticks, as HTML.
std::string inline_html(std::string_view text);

/// Every `from` in `text` replaced by `to`.
std::string replace_all(std::string text, std::string_view from, std::string_view to);

/// How many columns `line` takes on a terminal: code points of UTF-8.
std::size_t columns(std::string_view line);

/// HTML as a block of its own in a page, which neither Markdown nor Doxygen looks into.
std::string html_block(std::string_view html);

/// `chapters/02-chroot` for 2. @throws std::runtime_error when there is no such chapter.
std::filesystem::path chapter_directory(const std::filesystem::path& root, int chapter);

/// A chapter number as a directive's argument. @throws std::runtime_error
int parse_chapter(std::string_view text);

/// The manual page `chroot(2)` as a link to it.
std::string man_link(std::string_view page);

}  // namespace dockwright::weave
