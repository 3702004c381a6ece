#include "common/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace dockwright::terminal {

bool has_colour(int fd) {
  const char* const no_colour = std::getenv("NO_COLOR");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  const char* const term = std::getenv("TERM");
  return term != nullptr && std::string_view{term} != "dumb" && ::isatty(fd) == 1;
}

unsigned width(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  if (const char* const columns = std::getenv("COLUMNS")) {
    const std::string_view text{columns};
    unsigned value = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc{} && value > 0)
      return value;
  }
  return 80;
}

std::string styled(int fd, Style style, std::string_view text) {
  if (!has_colour(fd)) return std::string{text};
  std::string_view code = "2";
  switch (style) {
    case Style::good:
      code = "32";
      break;
    case Style::bad:
      code = "31";
      break;
    case Style::heading:
      code = "1";
      break;
    case Style::dim:
      code = "2";
      break;
  }
  return fmt::format("\033[{}m{}\033[0m", code, text);
}

std::string wrap(std::string_view text, unsigned columns, unsigned indent) {
  std::string result;
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (column > indent && column + 1 + word.size() > columns) {
      result.append("\n").append(indent, ' ');
      column = indent;
    } else if (!result.empty()) {
      result += ' ';
      ++column;
    }
    result += word;
    column += word.size();
  }
  return result;
}

std::string without_controls(std::string_view text) {
  std::string result;
  unsigned char before = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool late = before == 0xc2 && byte >= 0x80 && byte < 0xa0;  // U+0080 to U+009F: controls, too
    if ((byte < 0x20 && c != '\n') || byte == 0x7f || late)
      result += fmt::format("\\x{:02x}", byte);
    else
      result += c;
    before = byte;
  }
  return result;
}

}  // namespace dockwright::terminal
