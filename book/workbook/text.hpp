#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// Lines, words and whole files: what every command of the workbook does with text.
namespace dockwright::workbook {

/// The lines of a text, without their newlines. A last line without a newline counts; an empty text has no
/// lines.
std::vector<std::string> split_lines(std::string_view text);

/// Every line followed by a newline: the inverse of `split_lines`.
std::string join_lines(const std::vector<std::string>& lines);

std::vector<std::string> split_words(std::string_view text);
std::string trim(std::string_view text);
bool starts_with(std::string_view text, std::string_view start);
bool contains_text(std::string_view text, std::string_view part);
std::string replace_all(std::string text, std::string_view from, std::string_view to);

/// Breaks a text at spaces into lines of at most `width` columns; a longer word stands alone.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// How many columns a UTF-8 text takes, for tables: one for each character.
std::size_t columns(std::string_view text);
std::string pad(std::string text, std::size_t width);

/// The whole of a file. @throws std::runtime_error that names the file and the kernel's reason.
std::string read_file(const std::filesystem::path& path);

/// Replaces a file in one step: written beside it and renamed, so that it is never seen half written.
void write_file(const std::filesystem::path& path, std::string_view content);

/// Like `write_file`, but leaves a file alone that has this content already (its time stamp is what a build
/// looks at).
void write_if_changed(const std::filesystem::path& path, std::string_view content);

/// Text for a shell: quoted so that it is one word.
std::string shell_quoted(std::string_view word);

}  // namespace dockwright::workbook
