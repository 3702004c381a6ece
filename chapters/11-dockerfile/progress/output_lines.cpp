#include "chapters/11-dockerfile/progress/output_lines.hpp"

#include <algorithm>

#include "common/terminal.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kLongestLine = 16U << 10U;
constexpr std::size_t kKept = 20;

/// How long the sequence at the beginning of `text` is that sets a
/// colour and nothing else: `ESC [ 1 ; 31 m`; 0 if there is none.
std::size_t colour_at(std::string_view text) {
  if (!text.starts_with("\033[")) return 0;
  const std::size_t end = text.find_first_not_of("0123456789;:", 2);
  const bool colours =
      end != std::string_view::npos && text[end] == 'm';
  return colours ? end + 1 : 0;
}

std::string without_colours(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t skipped = colour_at(text.substr(at));
    if (skipped == 0) result += text[at];
    at += std::max<std::size_t>(skipped, 1);
  }
  return result;
}

}  // namespace

std::string harmless_line(std::string_view line) {
  while (line.ends_with('\r')) line.remove_suffix(1);
  if (const std::size_t again = line.rfind('\r');
      again != std::string_view::npos)
    line.remove_prefix(again + 1);
  std::string text = without_colours(line);
  for (std::size_t tab = text.find('\t'); tab != std::string::npos;
       tab = text.find('\t', tab))
    text.replace(tab, 1, 8 - tab % 8, ' ');
  return terminal::without_controls(text);
}

std::string on_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == '\n' || c == '\t' || c == ' ' || c == '\r';
    if (!blank)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  if (line.ends_with(' ')) line.pop_back();
  return terminal::without_controls(line);
}

void OutputLines::give(std::vector<std::string>& lines,
                       std::string_view line) {
  lines.push_back(harmless_line(line));
  last_.push_back(lines.back());
  if (last_.size() > kKept) last_.pop_front();
}

std::vector<std::string> OutputLines::add(std::string_view bytes) {
  std::vector<std::string> lines;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::size_t room =
        kLongestLine - std::min(begun_.size(), kLongestLine);
    const std::size_t size =
        std::min({end, bytes.size(), std::max<std::size_t>(room, 1)});
    begun_ += bytes.substr(0, size);
    bytes.remove_prefix(size);
    const bool ended = bytes.starts_with('\n');
    if (ended) bytes.remove_prefix(1);
    if (!ended && begun_.size() < kLongestLine) continue;
    give(lines, begun_);
    begun_.clear();
  }
  return lines;
}

std::string OutputLines::begun() const { return harmless_line(begun_); }

std::vector<std::string> OutputLines::finish() {
  std::vector<std::string> lines;
  if (!begun_.empty()) give(lines, begun_);
  begun_.clear();
  return lines;
}

}  // namespace dockwright
