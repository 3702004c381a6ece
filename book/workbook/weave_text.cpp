#include "book/workbook/weave_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace dockwright::weave {

namespace fs = std::filesystem;

std::string read_file(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in || fs::is_directory(file)) throw std::runtime_error{fmt::format("cannot read {}", file.string())};
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

void write_file(const fs::path& file, std::string_view text) {
  std::ofstream out{file, std::ios::binary};
  out << text;
  out.close();
  if (!out) throw std::runtime_error{fmt::format("cannot write {}", file.string())};
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (lines.back().ends_with('\r')) lines.back().pop_back();
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return lines;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string inline_html(std::string_view text) {
  std::string html;
  bool code = false;
  for (const char c : escape_html(text)) {
    if (c == '`') {
      html += code ? "</code>" : "<code>";
      code = !code;
    } else {
      html += c;
    }
  }
  return html;
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::size_t columns(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(
      line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string html_block(std::string_view html) {
  // Doxygen reads a page as one comment of C, and takes an asterisk and a slash for its end, here too.
  const auto text = replace_all(replace_all(std::string{html}, "*/", "*&#47;"), "/*", "/&#42;");
  return fmt::format("@htmlonly[block]\n{}\n@endhtmlonly\n", text);
}

fs::path chapter_directory(const fs::path& root, int chapter) {
  const auto prefix = fmt::format("{:02}-", chapter);
  if (fs::is_directory(root / "chapters")) {
    for (const auto& entry : fs::directory_iterator{root / "chapters"})
      if (entry.is_directory() && entry.path().filename().string().starts_with(prefix)) return entry.path();
  }
  throw std::runtime_error{fmt::format("there is no directory chapters/{}…", prefix)};
}

int parse_chapter(std::string_view text) {
  text = trim(text);
  int chapter = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), chapter);
  if (error != std::errc{} || end != text.data() + text.size() || chapter < 0 || chapter > 99)
    throw std::runtime_error{fmt::format("'{}' is not the number of a chapter", text)};
  return chapter;
}

std::string man_link(std::string_view page) {
  const auto open = page.find('(');
  if (open == std::string_view::npos || !page.ends_with(')'))
    throw std::runtime_error{fmt::format("'{}' is not a manual page such as chroot(2)", page)};
  const auto name = page.substr(0, open);
  const auto section = page.substr(open + 1, page.size() - open - 2);
  return fmt::format(R"(<a href="https://man7.org/linux/man-pages/man{}/{}.{}.html">{}({})</a>)",
                     section.substr(0, 1), name, section, name, section);
}

}  // namespace dockwright::weave
