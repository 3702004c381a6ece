#include "book/workbook/text.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace dockwright::workbook {

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::string join_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  std::istringstream stream{std::string{text}};
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return "";
  return std::string{text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1)};
}

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

bool contains_text(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  for (const auto& word : split_words(text)) {
    if (!line.empty() && columns(line) + 1 + columns(word) > width) lines.push_back(std::exchange(line, ""));
    line += (line.empty() ? "" : " ") + word;
  }
  if (!line.empty()) lines.push_back(line);
  return lines;
}

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (const char byte : text) count += (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U ? 1 : 0;
  return count;
}

std::string pad(std::string text, std::size_t width) {
  const auto used = columns(text);
  if (used < width) text.append(width - used, ' ');
  return text;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream content;
  const bool directory = std::filesystem::is_directory(path);
  if (!file || directory || !(content << file.rdbuf() || file.peek() == EOF))
    throw std::runtime_error(fmt::format("cannot read {}: {}", path.string(),
                                         directory ? "it is a directory" : std::strerror(errno)));
  return content.str();
}

void write_file(const std::filesystem::path& path, std::string_view content) {
  const auto beside = path.parent_path() / ("." + path.filename().string() + ".new");
  {
    std::ofstream file{beside, std::ios::binary | std::ios::trunc};
    file << content;
    file.flush();
    if (!file)
      throw std::runtime_error(fmt::format("cannot write {}: {}", beside.string(), std::strerror(errno)));
  }
  std::filesystem::rename(beside, path);
}

void write_if_changed(const std::filesystem::path& path, std::string_view content) {
  if (std::filesystem::is_regular_file(path) && read_file(path) == content) return;
  write_file(path, content);
}

std::string shell_quoted(std::string_view word) {
  return "'" + replace_all(std::string{word}, "'", "'\\''") + "'";
}

}  // namespace dockwright::workbook
