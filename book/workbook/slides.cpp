#include "book/workbook/slides.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <utility>
#include <vector>

#include "book/workbook/text.hpp"
#include "book/workbook/transcript.hpp"

namespace dockwright::workbook {

namespace {

constexpr std::size_t kSentencesShown = 2;

constexpr const char* kHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light; }}
{theme}body {{ margin: 0; font: 1.5rem/1.45 system-ui, sans-serif; background: Canvas; color: CanvasText; }}
section {{ box-sizing: border-box; min-height: 100vh; padding: 5vh 8vw; border-bottom: 1px solid GrayText; }}
.show section {{ display: none; border: 0; }}
.show section.now {{ display: block; }}
h1, h2 {{ line-height: 1.15; }}
pre {{ font-size: 1.05rem; overflow: auto; padding: 1rem; border: 1px solid GrayText; border-radius: .4rem; }}
svg {{ max-width: 100%; max-height: 60vh; height: auto; }}
aside {{ display: none; font-size: 1rem; border-top: 2px solid GrayText; margin-top: 2rem; }}
.notes aside {{ display: block; }}
footer {{ font-size: .9rem; opacity: .7; }}
@media print {{ section {{ display: block !important; break-after: page; }} aside {{ display: block; }} }}
</style>
</head>
<body>
)";

constexpr const char* kTail = R"(<script>
const slides = [...document.querySelectorAll('section')];
let now = Math.max(0, slides.findIndex(slide => '#' + slide.id === location.hash));
function show(number) {
  now = Math.min(slides.length - 1, Math.max(0, number));
  slides.forEach((slide, index) => slide.classList.toggle('now', index === now));
  history.replaceState(null, '', '#' + slides[now].id);
}
addEventListener('keydown', event => {
  if (event.key === 'ArrowRight' || event.key === 'PageDown' || event.key === ' ') { show(now + 1); event.preventDefault(); }
  if (event.key === 'ArrowLeft' || event.key === 'PageUp') { show(now - 1); event.preventDefault(); }
  if (event.key === 'n' || event.key === 'N') document.body.classList.toggle('notes');
});
document.body.classList.add('show');
show(now);
</script>
</body>
</html>
)";

std::string escaped(std::string_view text) {
  auto result = replace_all(std::string{text}, "&", "&amp;");
  return replace_all(replace_all(result, "<", "&lt;"), ">", "&gt;");
}

/// `code` and **strong**; links keep their words.
std::string inline_html(std::string_view text) {
  std::string result;
  bool code = false, strong = false;
  const auto safe = escaped(text);
  for (std::size_t at = 0; at < safe.size(); ++at) {
    if (safe[at] == '`') {
      result += std::exchange(code, !code) ? "</code>" : "<code>";
    } else if (!code && safe.compare(at, 2, "**") == 0) {
      result += std::exchange(strong, !strong) ? "</strong>" : "<strong>";
      ++at;
    } else {
      result += safe[at];
    }
  }
  return result;
}

/// The page's inline directives and links as plain words: @term{busybox,BusyBox}, @man{chroot,2},
/// [words](target).
std::string in_words(std::string text) {
  static const std::vector<std::pair<std::regex, const char*>> rules = {
      {std::regex{R"(@term\{[^},]*,([^}]*)\})"}, "$1"},      {std::regex{R"(@term\{([^}]*)\})"}, "$1"},
      {std::regex{R"(@man\{([^},]*),?\s*(\d*)\})"}, "`$1`"}, {std::regex{R"(@cve\{([^}]*)\})"}, "CVE-$1"},
      {std::regex{R"(@chapter\{(\d+)\})"}, "chapter $1"},    {std::regex{R"(\[([^\]]*)\]\([^)]*\))"}, "$1"}};
  for (const auto& [pattern, words] : rules) text = std::regex_replace(text, pattern, words);
  return text;
}

/// Ends of sentences: a full stop, question or exclamation mark before a space or the end.
std::vector<std::string> sentences(const std::string& text) {
  std::vector<std::string> result;
  std::string sentence;
  for (std::size_t at = 0; at < text.size(); ++at) {
    sentence += text[at];
    const bool end = (text[at] == '.' || text[at] == '?' || text[at] == '!') &&
                     (at + 1 == text.size() || text[at + 1] == ' ');
    if (end) result.push_back(trim(std::exchange(sentence, "")));
  }
  if (!trim(sentence).empty()) result.push_back(trim(sentence));
  return result;
}

/// What stands between the braces of a directive line, or nothing.
std::string argument(const std::string& line, std::string_view directive) {
  if (!starts_with(line, directive) || line.find('}') == std::string::npos) return "";
  return line.substr(directive.size(), line.rfind('}') - directive.size());
}

/// What the book's style sheet says of drawings: their classes, and its colours on light paper (each one's
/// first value).
std::string drawing_theme(const std::filesystem::path& root) {
  const auto sheet = root / "book/theme/book.css";
  if (!std::filesystem::exists(sheet)) return "";
  std::string colours, rules;
  for (const auto& raw : split_lines(read_file(sheet))) {
    const auto line = trim(raw);
    const auto name = line.substr(0, line.find(':') + 1);
    if (starts_with(line, ".drawing ")) rules += line + "\n";
    if (starts_with(line, "--") && contains_text(line, ": #") && !contains_text(colours, name))
      colours += " " + line;
  }
  return fmt::format(":root {{{} }}\n{}", colours, rules);
}

class Slides {
 public:
  explicit Slides(const std::filesystem::path& root) : root_{root} {}

  std::string make(const std::string& page) {
    for (const auto& line : split_lines(page)) read(line);
    end_slide();
    return fmt::format(fmt::runtime(kHead), fmt::arg("title", escaped(title_)),
                       fmt::arg("theme", drawing_theme(root_))) +
           html_ + kTail;
  }

 private:
  void read(const std::string& line) {
    if (starts_with(line, "```"))
      fenced_ = !fenced_;
    else if (fenced_)
      return;
    else if (starts_with(line, "#"))
      begin_slide(line);
    else if (const auto name = argument(line, "@transcript{"); !name.empty())
      add_transcript(name);
    else if (const auto figure = argument(line, "@figure{"); !figure.empty())
      add_figure(figure);
    else if (!starts_with(line, "@") && !starts_with(line, "|") && !starts_with(line, "<"))
      text_ += line + " ";
  }

  void begin_slide(const std::string& line) {
    end_slide();
    const auto level = line.find_first_not_of('#');
    auto words = trim(line.substr(level == std::string::npos ? line.size() : level));
    id_ = fmt::format("slide{}", ++count_);
    if (const auto brace = words.find("{#"); brace != std::string::npos) {
      id_ = words.substr(brace + 2, words.find('}', brace) - brace - 2);
      words = trim(words.substr(0, brace));
    }
    if (title_.empty()) title_ = words;
    heading_ = words;
    level_ = level == 1 ? 1 : 2;
  }

  void end_slide() {
    if (heading_.empty()) return;
    const auto all = sentences(trim(in_words(text_)));
    html_ += fmt::format("<section id=\"{}\">\n<h{}>{}</h{}>\n", id_, level_, inline_html(heading_), level_);
    for (std::size_t at = 0; at < std::min(all.size(), kSentencesShown); ++at)
      html_ += fmt::format("<p>{}</p>\n", inline_html(all[at]));
    html_ += blocks_ + "<aside>\n";
    for (std::size_t at = kSentencesShown; at < all.size(); ++at)
      html_ += fmt::format("<p>{}</p>\n", inline_html(all[at]));
    html_ += fmt::format("</aside>\n<footer>{}</footer>\n</section>\n", escaped(title_));
    heading_.clear();
    text_.clear();
    blocks_.clear();
  }

  void add_transcript(const std::string& name) {
    const auto slash = name.find('/');
    const auto path =
        root_ / "chapters" / name.substr(0, slash) / "transcripts" / (name.substr(slash + 1) + ".t");
    if (slash == std::string::npos || !std::filesystem::exists(path)) return;
    const auto text = print_transcript(parse_transcript(path, name, read_file(path)));
    const auto body = text.find("---\n");
    blocks_ += fmt::format("<pre>{}</pre>\n", escaped(text.substr(body + 4)));
  }

  void add_figure(const std::string& arguments) {
    auto path = root_ / "book/figures" / arguments.substr(0, arguments.find(','));
    if (path.extension() != ".svg") path += ".svg";
    if (!std::filesystem::exists(path)) return;
    const auto svg = read_file(path);
    blocks_ += "<div class=\"drawing\">" + svg.substr(std::min(svg.find("<svg"), svg.size())) + "</div>\n";
  }

  std::filesystem::path root_;
  std::string html_, title_, heading_, id_, text_, blocks_;
  int level_ = 1, count_ = 0;
  bool fenced_ = false;
};

}  // namespace

std::string make_slides(const std::filesystem::path& root, const std::string& page) {
  return Slides{root}.make(page);
}

}  // namespace dockwright::workbook
