#include "book/workbook/paper.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "book/workbook/text.hpp"
#include "common/terminal.hpp"

namespace dockwright::workbook {

namespace {

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

}  // namespace

Paper Paper::of_stdout() {
  const bool plain = is_set("WORKBOOK_PLAIN");
  return Paper{{.colour = !plain && terminal::has_colour(STDOUT_FILENO),
                .plain = plain,
                .width = std::clamp<std::size_t>(terminal::width(STDOUT_FILENO), 20, 100)}};
}

std::string Paper::painted(std::string_view code, std::string_view text) const {
  return habits_.colour ? fmt::format("\033[{}m{}\033[0m", code, text) : std::string{text};
}

std::string Paper::bold(std::string_view text) const { return painted("1", text); }
std::string Paper::dim(std::string_view text) const { return painted("2", text); }
std::string Paper::green(std::string_view text) const { return painted("32", text); }
std::string Paper::red(std::string_view text) const { return painted("31", text); }
std::string Paper::yellow(std::string_view text) const { return painted("33", text); }

std::string Paper::passed() const { return habits_.plain ? "passed:" : green("✓"); }
std::string Paper::failed() const { return habits_.plain ? "not passed:" : red("✗"); }

std::string Paper::paragraph(std::string_view text, std::string_view indent) const {
  std::string result;
  for (const auto& line : wrap(text, habits_.width - std::min(habits_.width / 2, indent.size())))
    result += fmt::format("{}{}\n", indent, line);
  return result;
}

std::string Paper::diff(const std::vector<Difference>& differences, std::string_view indent) const {
  using Kind = Difference::Kind;
  std::string result;
  const auto line = [&](const std::string& text) { result += fmt::format("{}{}\n", indent, text); };
  for (const auto& difference : differences) {
    switch (difference.kind) {
      case Kind::same:
        line("  " + difference.printed);
        break;
      case Kind::any:
        line(dim("  ..."));
        break;
      case Kind::skipped:
        break;
      case Kind::missing:
        line(red((habits_.plain ? "expected: " : "- ") + difference.expected));
        break;
      case Kind::surplus:
        line(green((habits_.plain ? "got: " : "+ ") + difference.printed));
        break;
    }
  }
  return result;
}

std::string Paper::unified_diff(std::string_view text) const {
  std::string result;
  for (const auto& line : split_lines(text)) {
    const char first = line.empty() ? ' ' : line.front();
    const auto shown = first == '-'   ? red(line)
                       : first == '+' ? green(line)
                       : first == '@' ? dim(line)
                                      : line;
    result += shown + "\n";
  }
  return result;
}

}  // namespace dockwright::workbook
