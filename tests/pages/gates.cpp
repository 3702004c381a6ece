#include "tests/pages/gates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <regex>
#include <sstream>

#include "book/workbook/weave.hpp"
#include "book/workbook/weave_console.hpp"
#include "book/workbook/weave_exercises.hpp"
#include "book/workbook/weave_html.hpp"
#include "book/workbook/weave_text.hpp"
#include "common/syscalls.hpp"

namespace dockwright::gates {

namespace fs = std::filesystem;
using weave::split_lines;
using weave::trim;

namespace {

std::string at(const Page& page, std::size_t line, const std::string& message) {
  return fmt::format("{}:{}: {}", page.file.string(), line, message);
}

bool is_fence(std::string_view line) {
  return trim(line).starts_with("```") || trim(line).starts_with("~~~");
}

// Calls `visit(line number, line, inside a fenced block)` for each line; the fences themselves are inside.
template <typename Visit>
void for_each_line(const Page& page, Visit&& visit) {
  bool inside = false;
  std::size_t number = 0;
  for (const auto& line : split_lines(page.text)) {
    const bool fence = is_fence(line);
    visit(++number, line, inside || fence);
    if (fence) inside = !inside;
  }
}

struct Heading {
  std::size_t line;
  std::size_t level;
  std::string id;
};

std::vector<Heading> headings_of(const Page& page) {
  std::vector<Heading> headings;
  for_each_line(page, [&](std::size_t number, const std::string& line, bool code) {
    const auto level = line.find_first_not_of('#');
    if (code || level == 0 || level == std::string::npos || level > 6 || line[level] != ' ') return;
    const auto open = line.find("{#");
    const auto id =
        open == std::string::npos ? std::string{} : line.substr(open + 2, line.find('}', open) - open - 2);
    headings.push_back({number, level, id});
  });
  return headings;
}

bool is_chapter(const Page& page) {
  const auto headings = headings_of(page);
  return !headings.empty() && std::regex_match(headings.front().id, std::regex{"ch[0-9]{2}"});
}

// All `@snippet FILE TAG` of a page.
struct Shown {
  std::size_t line;
  std::string file;
  std::string tag;
};

std::vector<Shown> snippets_of(const Page& page) {
  std::vector<Shown> shown;
  static const std::regex snippet{R"(^\s*[@\\]snippet(?:lineno)?(?:\{[^}]*\})?\s+(\S+)\s+(\S+)\s*$)"};
  for_each_line(page, [&](std::size_t number, const std::string& line, bool code) {
    std::smatch match;
    if (!code && std::regex_match(line, match, snippet)) shown.push_back({number, match[1], match[2]});
  });
  return shown;
}

std::vector<fs::path> sources_of(const fs::path& directory) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator{directory})
    if (entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp")
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string tag_of(std::string_view line) {
  line = trim(line);
  if (!line.starts_with("//! [") || !line.ends_with(']')) return {};
  return std::string{line.substr(5, line.size() - 6)};
}

std::string squeeze(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (std::isspace(static_cast<unsigned char>(c)) == 0 && c != '`') out += c;
  return out;
}

// Lines of the woven blocks `<pre class="woven KIND" …><code>…` that are wider than `limit`.
void wide_blocks(const Page& page, const std::string& woven, std::string_view kind, std::size_t limit,
                 Complaints& complaints) {
  const auto open = fmt::format("<pre class=\"woven {}\"", kind);
  for (auto from = woven.find(open); from != std::string::npos; from = woven.find(open, from + 1)) {
    const auto body = woven.substr(from, woven.find("</pre>", from) - from);
    std::istringstream lines{body};
    for (std::string line; std::getline(lines, line);) {
      std::string plain;
      std::size_t end = 0;
      for (const auto& tag : weave::html_tags(line)) {
        plain += line.substr(end, tag.begin - end);
        end = tag.end;
      }
      plain += line.substr(std::min(end, line.size()));
      for (const auto& [entity, character] :
           {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&amp;", "&"}})
        plain = weave::replace_all(plain, entity, character);
      if (weave::columns(plain) > limit)
        complaints.push_back(
            fmt::format("{}: more than {} columns in a {}: {}", page.file.string(), limit, kind, plain));
    }
  }
}

}  // namespace

std::vector<Page> load_pages(const fs::path& root) {
  std::vector<Page> pages;
  for (const auto& entry : fs::directory_iterator{root / "book"})
    if (entry.path().extension() == ".md")
      pages.push_back({fs::relative(entry.path(), root), weave::read_file(entry.path())});
  std::sort(pages.begin(), pages.end(), [](const auto& a, const auto& b) { return a.file < b.file; });
  return pages;
}

Complaints typed_code(const Page& page) {
  constexpr std::array<std::string_view, 7> kLanguages = {"cpp", "c++", "cxx", "cc", "c", "hpp", "h"};
  Complaints complaints;
  bool inside = false;
  std::size_t number = 0;
  for (const auto& line : split_lines(page.text)) {
    ++number;
    auto word = trim(line);
    if (is_fence(line)) {
      word.remove_prefix(3);
      if (word.starts_with("{.")) word = word.substr(2, word.size() - 3);
      if (!inside && std::find(kLanguages.begin(), kLanguages.end(), word) != kLanguages.end())
        complaints.push_back(at(page, number, "C++ is typed into the page: show it with @snippet"));
      inside = !inside;
    } else if (inside && (word.starts_with("#include") || word.starts_with("int main("))) {
      complaints.push_back(
          at(page, number, "this looks like C++ typed into the page: show it with @snippet"));
    } else if (!inside &&
               (word.starts_with("@code") || word.starts_with("\\code") || word.starts_with("@verbatim"))) {
      complaints.push_back(at(page, number, "code is typed into the page: show it with @snippet"));
    } else if (!inside && line.starts_with("    ") && !word.empty() &&
               (word.ends_with(';') || word.ends_with('{'))) {
      complaints.push_back(at(page, number, "an indented block is code to Markdown: show it with @snippet"));
    }
  }
  return complaints;
}

Complaints heading_ids(const std::vector<Page>& pages) {
  Complaints complaints;
  std::map<std::string, std::string> seen;
  for (const auto& page : pages)
    for (const auto& heading : headings_of(page)) {
      if (heading.id.empty()) {
        complaints.push_back(at(page, heading.line, "this heading has no id {#…}"));
        continue;
      }
      const auto [entry, fresh] =
          seen.emplace(heading.id, fmt::format("{}:{}", page.file.string(), heading.line));
      if (!fresh)
        complaints.push_back(
            at(page, heading.line, fmt::format("the id '{}' is taken: {}", heading.id, entry->second)));
    }
  return complaints;
}

Complaints section_order(const Page& page) {
  constexpr std::array<std::string_view, 13> kSections = {"where",   "glance", "predict",   "idea",  "do",
                                                          "changed", "break",  "exercises", "wrong", "docker",
                                                          "note",    "fails",  "challenges"};
  if (!is_chapter(page)) return {};
  const auto headings = headings_of(page);
  const auto chapter = headings.front().id;
  Complaints complaints;
  std::size_t next = 0;
  for (const auto& heading : headings) {
    if (heading.level != 2) continue;
    const auto expected = next < kSections.size() ? fmt::format("{}-{}", chapter, kSections[next])
                                                  : std::string{"no further one"};
    if (heading.id != expected)
      complaints.push_back(
          at(page, heading.line,
             fmt::format("section '{}' stands where '{}' is expected", heading.id, expected)));
    ++next;
  }
  if (next < kSections.size())
    complaints.push_back(at(page, 1, fmt::format("{} of 13 sections are there", next)));
  return complaints;
}

std::vector<std::string> region(const std::vector<std::string>& source, std::string_view tag) {
  std::vector<std::string> lines;
  bool inside = false;
  for (const auto& line : source) {
    const auto found = tag_of(line);
    if (found == tag)
      inside = !inside;
    else if (inside && found.empty())
      lines.push_back(line);
  }
  std::size_t shared = std::string::npos;
  for (const auto& line : lines)
    if (const auto first = line.find_first_not_of(' '); first != std::string::npos)
      shared = std::min(shared, first);
  if (shared != std::string::npos)
    for (auto& line : lines) line.erase(0, std::min(shared, line.size()));
  return lines;
}

Complaints wide_code(const fs::path& root, const Page& page) {
  Complaints complaints;
  for (const auto& shown : snippets_of(page)) {
    if (!fs::exists(root / shown.file)) continue;  // Doxygen says so
    for (const auto& line : region(split_lines(weave::read_file(root / shown.file)), shown.tag))
      if (weave::columns(line) > 72)
        complaints.push_back(
            at(page, shown.line,
               fmt::format("more than 72 columns in {} [{}]: {}", shown.file, shown.tag, line)));
  }
  const auto woven = weave::weave_text(root, page.file, page.text);
  for (const auto* kind : {"shell", "plain"}) wide_blocks(page, woven, kind, 72, complaints);
  for (const auto* kind : {"console", "diff"}) wide_blocks(page, woven, kind, 80, complaints);
  return complaints;
}

Complaints silent_pictures(const Page& page) {
  Complaints complaints;
  static const std::regex silent{R"(!\[\s*\]\()"};
  static const std::regex image{R"([@\\]image\b)"};
  for_each_line(page, [&](std::size_t number, const std::string& line, bool code) {
    if (code) return;
    if (std::regex_search(line, silent))
      complaints.push_back(at(page, number, "a picture without alternative text"));
    if (std::regex_search(line, image))
      complaints.push_back(at(page, number, "show a picture with @figure, which has an alternative text"));
  });
  return complaints;
}

Complaints early_calls(const fs::path& root, const Page& page) {
  if (!is_chapter(page)) return {};
  const int chapter = weave::parse_chapter(headings_of(page).front().id.substr(2));
  static const std::regex figure{R"(^\s*@figure\{([\w-]+),.*$)"};
  static const std::regex word{R"([a-z_0-9]+)"};
  Complaints complaints;
  for_each_line(page, [&](std::size_t number, const std::string& line, bool code) {
    std::smatch match;
    const auto file = !code && std::regex_match(line, match, figure)
                          ? fmt::format("book/figures/{}.svg", match[1].str())
                          : std::string{};
    if (file.empty() || !fs::exists(root / file)) return;  // weaving says so
    const auto words = weave::html_text(weave::replace_all(weave::read_file(root / file), "svg", "div"));
    for (auto found = std::sregex_iterator{words.begin(), words.end(), word}; found != std::sregex_iterator{};
         ++found)
      if (const auto* call = find_system_call(found->str()); call != nullptr && call->chapter > chapter)
        complaints.push_back(
            at(page, number,
               fmt::format("{} shows {}, which arrives in chapter {}", file, call->name, call->chapter)));
  });
  return complaints;
}

std::size_t count_words(std::string_view text) {
  std::size_t count = 0;
  const Page page{.file = {}, .text = std::string{text}};
  for_each_line(page, [&](std::size_t, const std::string& line, bool code) {
    const auto plain = trim(line);
    if (code || plain.starts_with('#') || plain.starts_with('@') || plain.starts_with('\\')) return;
    std::istringstream words{std::string{plain}};
    for (std::string word; words >> word;)
      if (std::any_of(word.begin(), word.end(), [](unsigned char c) { return std::isalnum(c) != 0; }))
        ++count;
  });
  return count;
}

Complaints word_count(const Page& page) {
  if (!is_chapter(page)) return {};
  const auto words = count_words(page.text);
  if (words >= 2000 && words <= 3500) return {};
  return {at(page, 1, fmt::format("{} words; a chapter's page has 2,000 to 3,500", words))};
}

bool gives_away(std::string_view hint, const std::vector<std::string>& solution) {
  const auto squeezed = squeeze(hint);
  return std::any_of(solution.begin(), solution.end(), [&](const std::string& line) {
    auto plain = trim(line);
    if (plain.starts_with("//")) return false;
    while (plain.ends_with(';') || plain.ends_with('{') || plain.ends_with(' ')) plain.remove_suffix(1);
    const auto wanted = squeeze(plain);
    return wanted.size() >= 12 && squeezed.find(wanted) != std::string::npos;
  });
}

Complaints telling_hints(const fs::path& root, int chapter) {
  Complaints complaints;
  const auto directory = weave::chapter_directory(root, chapter);
  if (!fs::exists(directory / "exercises.yaml")) return {};
  for (const auto& exercise : weave::load_exercises(root, chapter).exercises) {
    if (!fs::exists(directory / exercise.file)) continue;  // `unused_tags` says so
    const auto solution =
        region(split_lines(weave::read_file(directory / exercise.file)), "ex" + exercise.id);
    for (const auto& hint : exercise.hints)
      if (gives_away(hint, solution))
        complaints.push_back(
            fmt::format("exercise {}: a hint contains a line of the solution: {}", exercise.id, hint));
  }
  return complaints;
}

Complaints unused_tags(const fs::path& root, int chapter, const std::vector<Page>& pages) {
  Complaints complaints;
  const auto directory = weave::chapter_directory(root, chapter);
  std::map<std::string, bool> used;  // "FILE TAG" → somebody shows it
  for (const auto& page : pages)
    for (const auto& shown : snippets_of(page)) used[shown.file + " " + shown.tag] = true;
  std::map<std::string, bool> regions;
  const auto exercises = fs::exists(directory / "exercises.yaml")
                             ? weave::load_exercises(root, chapter).exercises
                             : std::vector<weave::PageExercise>{};
  for (const auto& exercise : exercises) {
    const auto name =
        fmt::format("{} ex{}", fs::relative(directory / exercise.file, root).string(), exercise.id);
    used[name] = true;
    regions[name] = false;
  }
  for (const auto& file : sources_of(directory))
    for (const auto& line : split_lines(weave::read_file(file))) {
      const auto tag = tag_of(line);
      if (tag.empty()) continue;
      const auto name = fmt::format("{} {}", fs::relative(file, root).string(), tag);
      regions[name] = true;
      if (!used[name])
        complaints.push_back(
            fmt::format("{}: nothing shows the region [{}]", fs::relative(file, root).string(), tag));
    }
  for (const auto& [name, found] : regions)
    if (!found) complaints.push_back(fmt::format("the region of an exercise is missing: {}", name));
  std::sort(complaints.begin(), complaints.end());
  complaints.erase(std::unique(complaints.begin(), complaints.end()), complaints.end());
  return complaints;
}

Complaints unused_transcripts(const fs::path& root, int chapter, const std::vector<Page>& pages) {
  Complaints complaints;
  const auto directory = weave::chapter_directory(root, chapter);
  if (!fs::is_directory(directory / "transcripts")) return {};
  for (const auto& entry : fs::directory_iterator{directory / "transcripts"}) {
    if (entry.path().extension() != ".t") continue;
    const auto name =
        fmt::format("@transcript{{{}/{}}}", directory.filename().string(), entry.path().stem().string());
    const bool shown = std::any_of(pages.begin(), pages.end(), [&](const auto& page) {
      return weave::replace_all(page.text, " ", "").find(name) != std::string::npos;
    });
    if (!shown) complaints.push_back(fmt::format("no page prints {}", name));
  }
  std::sort(complaints.begin(), complaints.end());
  return complaints;
}

}  // namespace dockwright::gates
