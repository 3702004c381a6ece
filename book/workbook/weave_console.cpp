#include "book/workbook/weave_console.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>
#include <stdexcept>

#include "book/workbook/weave_text.hpp"

namespace dockwright::weave {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 4> kPrompts = {"$ ", "host$ ", "box# ", "box$ "};

std::string_view prompt_of(std::string_view line) {
  for (const auto prompt : kPrompts)
    if (line.starts_with(prompt) || line == prompt.substr(0, prompt.size() - 1))
      return line.substr(0, std::min(prompt.size() - 1, line.size()));
  return {};
}

std::string output_html(const std::string& line) {
  if (trim(line) == "...") return R"(<span class="any" title="more lines">⋮</span>)";
  static const std::regex any{R"(\[\.\.\])"};
  static const std::regex name{R"(\[([A-Z]{2,})\])"};
  auto html = std::regex_replace(escape_html(line), any, R"(<span class="any" title="differs">…</span>)");
  return std::regex_replace(html, name, R"(<var title="differs from run to run">$1</var>)");
}

std::string console_line(const std::string& line) {
  if (const auto prompt = prompt_of(line); !prompt.empty()) {
    const auto command = line.size() > prompt.size() ? line.substr(prompt.size() + 1) : std::string{};
    const auto where = prompt.starts_with("box") ? "prompt box" : "prompt";
    return fmt::format(R"(<span class="{}">{}</span> <kbd>{}</kbd>)", where, prompt, escape_html(command));
  }
  if (line.starts_with("> "))
    return fmt::format(R"(<span class="prompt">&gt;</span> <kbd>{}</kbd>)", escape_html(line.substr(2)));
  if (line.starts_with("? "))
    return line == "? 0"
               ? std::string{}
               : fmt::format(R"(<span class="exit">exit code {}</span>)", escape_html(line.substr(2)));
  return output_html(line);
}

std::string block(std::string_view kind, std::string_view label, const std::string& body) {
  return fmt::format(
      "<pre class=\"woven {}\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><code>{}</code></pre>", kind,
      label, body);
}

// Where a comment of the shell begins: a # that follows a blank, outside of quotes.
std::size_t comment_start(std::string_view line) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '#' && (i == 0 || line[i - 1] == ' ')) {
      return i;
    }
  }
  return line.size();
}

std::string shell_line(std::string_view line) {
  const auto comment = comment_start(line);
  static const std::regex quoted{R"('[^']*'|&quot;.*?&quot;)"};
  auto html =
      std::regex_replace(escape_html(line.substr(0, comment)), quoted, R"(<span class="str">$&</span>)");
  if (comment < line.size())
    html += fmt::format(R"(<span class="com">{}</span>)", escape_html(line.substr(comment)));
  return html;
}

std::string diff_line(const std::string& line) {
  std::string_view kind;
  if (line.starts_with("+++") || line.starts_with("---"))
    kind = "file";
  else if (line.starts_with("@@"))
    kind = "hunk";
  else if (line.starts_with('+'))
    kind = "new";
  else if (line.starts_with('-'))
    kind = "old";
  if (kind.empty()) return escape_html(line) + "\n";
  return fmt::format("<span class=\"{}\">{}\n</span>", kind, escape_html(line));
}

}  // namespace

std::string console_html(const std::vector<std::string>& lines) {
  std::string body;
  for (const auto& line : lines) {
    const auto html = console_line(line);
    if (html.empty() && !line.empty()) continue;
    body += html + "\n";
  }
  return block("console", "Terminal", body);
}

std::string shell_html(const std::vector<std::string>& lines) {
  std::string body;
  for (const auto& line : lines) body += shell_line(line) + "\n";
  return block("shell", "Shell", body);
}

std::string diff_html(const std::vector<std::string>& lines) {
  std::string body;
  for (const auto& line : lines) body += diff_line(line);
  return block("diff", "Difference", body);
}

std::string fence_html(std::string_view language, const std::vector<std::string>& lines) {
  if (language == "console") return console_html(lines);
  if (language == "sh" || language == "bash") return shell_html(lines);
  if (language == "diff") return diff_html(lines);
  if (!language.empty() && language != "text") return {};
  std::string body;
  for (const auto& line : lines) body += escape_html(line) + "\n";
  return block("plain", "Text", body);
}

std::vector<std::string> transcript_body(const fs::path& file) {
  auto lines = split_lines(read_file(file));
  const auto end = std::find(lines.begin(), lines.end(), "---");
  if (end == lines.end())
    throw std::runtime_error{fmt::format("{} has no line '---' that ends its header", file.string())};
  lines.erase(lines.begin(), end + 1);
  while (!lines.empty() && trim(lines.back()).empty()) lines.pop_back();
  return lines;
}

fs::path transcript_file(const fs::path& root, std::string_view name) {
  const auto slash = name.find('/');
  if (slash == std::string_view::npos)
    throw std::runtime_error{
        fmt::format("a transcript is named CHAPTER/NAME, such as 02-chroot/hello, not '{}'", name)};
  const auto folder = root / "chapters" / name.substr(0, slash) / "transcripts";
  auto file = folder / fmt::format("{}.t", name.substr(slash + 1));
  if (fs::is_regular_file(file)) return file;
  std::vector<std::string> there;
  if (fs::is_directory(folder))
    for (const auto& entry : fs::directory_iterator{folder}) there.push_back(entry.path().stem().string());
  std::sort(there.begin(), there.end());
  throw std::runtime_error{fmt::format("there is no transcript {} (there are: {})",
                                       fs::relative(file, root).string(),
                                       there.empty() ? "none" : fmt::format("{}", fmt::join(there, ", ")))};
}

}  // namespace dockwright::weave
