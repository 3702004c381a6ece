#include "chapters/11-dockerfile/syntax/logical_lines.hpp"

#include <algorithm>

#include "chapters/11-dockerfile/syntax/blanks.hpp"
#include "chapters/11-dockerfile/syntax/dockerfile_error.hpp"
#include "chapters/11-dockerfile/syntax/keywords.hpp"

namespace dockwright {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view without_newline(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_comment(std::string_view line) {
  return trim_left(line).starts_with('#');
}

/// Takes the escape character at the end away, where there is one: two
/// of them are no continuation.
bool take_continuation(std::string_view& line, char escape) {
  const std::size_t last = line.find_last_not_of(" \t");
  if (last == std::string_view::npos || line[last] != escape)
    return false;
  if (last > 0 && line[last - 1] == escape) return false;
  line = line.substr(0, last);
  return true;
}

/// `# key = value`; nothing for another comment.
std::optional<std::pair<std::string, std::string>> directive(
    std::string_view line) {
  if (!line.starts_with('#')) return std::nullopt;
  line.remove_prefix(1);
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const std::string key = lower_case(trim(line.substr(0, equals)));
  const std::string_view value = trim(line.substr(equals + 1));
  if (value.empty()) return std::nullopt;
  return std::pair{key, std::string{value}};
}

}  // namespace

LogicalLines::LogicalLines(std::string_view text, Dockerfile& file)
    : text_{text}, file_{file} {
  if (text_.starts_with(kByteOrderMark))
    text_.remove_prefix(kByteOrderMark.size());
  split();
  read_directives();
}

void LogicalLines::fail(const std::string& why) const {
  throw DockerfileError{
      file_.name, file_.lines, {number_, number_}, why};
}

void LogicalLines::split() {
  if (text_.size() > DockerfileLimits::kBytes)
    throw Failure{
        fmt::format("{}: a Dockerfile of {} bytes is larger than the "
                    "allowed {} bytes",
                    file_.name, text_.size(), DockerfileLimits::kBytes),
        1};
  for (std::string_view rest = text_; !rest.empty();) {
    const std::size_t size = std::min(rest.find('\n'), rest.size() - 1);
    raw_.push_back(rest.substr(0, size + 1));
    file_.lines.emplace_back(without_newline(raw_.back()));
    rest.remove_prefix(size + 1);
  }
}

void LogicalLines::read_directives() {
  std::vector<std::string> seen;
  while (take()) {
    const auto found = directive(trim_left(current_));
    if (!found || (found->first != "syntax" &&
                   found->first != "escape" && found->first != "check"))
      break;
    set_directive(found->first, found->second, seen);
    directives_end_ = number_;
  }
  number_ = 0;
}

void LogicalLines::set_directive(const std::string& key,
                                 const std::string& value,
                                 std::vector<std::string>& seen) {
  if (std::find(seen.begin(), seen.end(), key) != seen.end())
    fail(fmt::format("only one {} parser directive can be used", key));
  seen.push_back(key);
  if (key == "syntax") file_.directives.syntax = value;
  if (key == "check") file_.directives.check = value;
  if (key != "escape") return;
  if (value != "`" && value != "\\")
    fail(fmt::format("invalid escape token '{}' does not match ` or \\",
                     value));
  file_.directives.escape = value.front();
}

/// Makes the next line the current one; false at the end.
bool LogicalLines::take() {
  const auto index = static_cast<std::size_t>(number_);
  if (index == raw_.size()) return false;
  ++number_;
  current_ = without_newline(raw_[index]);
  if (current_.size() > DockerfileLimits::kLineBytes)
    fail(fmt::format(
        "dockerfile line greater than maximum allowed size of {}",
        DockerfileLimits::kLineBytes));
  if (current_.find('\0') != std::string_view::npos)
    fail("a NUL byte: this is no text");
  return true;
}

void LogicalLines::join(LogicalLine& line) {
  //! [ex11.1]
  bool more = true;
  while (more && take()) {
    if (is_comment(current_)) continue;
    if (trim_left(current_).empty()) {
      line.empty_continuation = true;
      continue;
    }
    std::string_view piece = current_;
    more = take_continuation(piece, file_.directives.escape);
    line.text += piece;
  }
  //! [ex11.1]
}

std::optional<LogicalLine> LogicalLines::next() {
  LogicalLine line;
  while (take()) {
    std::string_view piece = trim_left(current_);
    if (number_ <= directives_end_) continue;
    if (is_comment(piece)) {
      const std::string_view comment = trim(piece.substr(1));
      if (comment.empty())
        line.comments.clear();
      else
        line.comments.emplace_back(comment);
      continue;
    }
    if (piece.empty()) {
      line.comments.clear();
      continue;
    }
    line.lines.first = number_;
    const bool more = take_continuation(piece, file_.directives.escape);
    line.text = piece;
    if (more) join(line);
    line.lines.last = number_;
    if (!trim(line.text).empty()) return line;
    line = {};
  }
  return std::nullopt;
}

std::optional<std::string> LogicalLines::body_of(
    const Heredoc& heredoc) {
  std::string body;
  while (take()) {
    std::string_view raw = raw_[static_cast<std::size_t>(number_ - 1)];
    if (heredoc.strip_tabs)
      raw.remove_prefix(
          std::min(raw.find_first_not_of('\t'), raw.size()));
    if (without_newline(raw) == heredoc.name) return body;
    body += raw;
  }
  return std::nullopt;
}

}  // namespace dockwright
