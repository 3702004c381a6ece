#include "book/workbook/weave.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>

#include "book/workbook/weave_console.hpp"
#include "book/workbook/weave_contents.hpp"
#include "book/workbook/weave_diff.hpp"
#include "book/workbook/weave_exercises.hpp"
#include "book/workbook/weave_project.hpp"
#include "book/workbook/weave_tables.hpp"
#include "book/workbook/weave_text.hpp"

namespace dockwright::weave {

namespace fs = std::filesystem;

namespace {

using Arguments = std::vector<std::string>;

struct Rule {
  std::size_t least;  // how few arguments, and how many at most
  std::size_t most;
  std::function<std::string(const fs::path&, const Arguments&)> expand;
};

Rule box(std::string html) {
  return {0, 0, [html = std::move(html)](const fs::path&, const Arguments&) { return html_block(html); }};
}

std::map<std::string, Rule> make_rules() {
  std::map<std::string, Rule> rules;
  const auto chapter = [](std::string (*expand)(const fs::path&, int)) {
    return [expand](const fs::path& root, const Arguments& a) { return expand(root, parse_chapter(a[0])); };
  };
  const auto two_chapters = [](std::string (*expand)(const fs::path&, int, int)) {
    return [expand](const fs::path& root, const Arguments& a) {
      return expand(root, parse_chapter(a[0]), parse_chapter(a[1]));
    };
  };
  rules["transcript"] = {1, 1, [](const fs::path& root, const Arguments& a) {
                           return html_block(console_html(transcript_body(transcript_file(root, a[0]))));
                         }};
  rules["glance"] = {1, 1, chapter(glance_box)};
  rules["exercises"] = {1, 1, chapter(exercise_list)};
  rules["spinediff"] = {2, 2, [](const fs::path& root, const Arguments& a) {
                          return html_block(spine_diff(root, parse_chapter(a[0]), parse_chapter(a[1])));
                        }};
  rules["syscalldiff"] = {2, 2, two_chapters(syscall_diff)};
  rules["measured"] = {1, 1,
                       [](const fs::path& root, const Arguments& a) { return measured_table(root, a[0]); }};
  rules["cells"] = {2, 2, [](const fs::path& root, const Arguments& a) {
                      return matrix_cells(root, parse_chapter(a[0]), a[1]);
                    }};
  rules["attacks"] = {0, 99, [](const fs::path& root, const Arguments& a) {
                        std::vector<int> stages;
                        for (const auto& stage : a) stages.push_back(parse_chapter(stage));
                        return attack_table(root, stages);
                      }};
  rules["causes"] = {1, 1, [](const fs::path& root, const Arguments& a) { return causes_table(root, a[0]); }};
  rules["syscalls"] = {0, 0, [](const fs::path& root, const Arguments&) { return syscalls_table(root); }};
  rules["contents"] = {0, 0, [](const fs::path& root, const Arguments&) {
                         return html_block(contents_list(load_contents(root)));
                       }};
  // an alternative text may have commas: it is all that follows the first one
  rules["figure"] = {2, 99, [](const fs::path& root, const Arguments& a) {
                       return figure(root, a[0], fmt::format("{}", fmt::join(a.begin() + 1, a.end(), ", ")));
                     }};
  rules["predict"] = box("<div class=\"box predict\"><p class=\"box-title\">Predict</p>");
  rules["answer"] = box("<details class=\"answer\"><summary>Show the answer</summary>");
  rules["endpredict"] = box("</details></div>");
  rules["do"] = box("<div class=\"box do\"><p class=\"box-title\">Do this</p>");
  rules["enddo"] = box("</div>");
  return rules;
}

const std::map<std::string, Rule>& rules() {
  static const auto table = make_rules();
  return table;
}

// The commands of Doxygen's that a page may use on a line of their own; all else is a mistake.
constexpr std::array<std::string_view, 22> kDoxygen = {
    "snippet", "snippetlineno", "include", "note", "warning", "attention", "remark", "anchor",
    "par",     "see",           "sa",      "ref",  "page",    "section",   "since",  "internal",
    "term",    "man",           "chapter", "cve",  "kernel",  "copydoc"};

bool is_doxygens(std::string_view name) {
  return std::find(kDoxygen.begin(), kDoxygen.end(), name) != kDoxygen.end();
}

std::string known_directives() {
  std::vector<std::string> names;
  for (const auto& [name, rule] : rules()) names.push_back("@" + name);
  return fmt::format("{}", fmt::join(names, " "));
}

// The word after an @ or a backslash that begins a line, or nothing.
std::string command_word(std::string_view line) {
  line = trim(line);
  if (line.size() < 2 || (line[0] != '@' && line[0] != '\\')) return {};
  std::size_t end = 1;
  while (end < line.size() && line[end] >= 'a' && line[end] <= 'z') ++end;
  return std::string{line.substr(1, end - 1)};
}

// The directive whose `{` has no `}` on this line, or nothing; what stands between back-ticks is code. A page
// must not depend on how this or that version of Doxygen reads an alias across lines.
std::string open_directive(std::string_view line) {
  bool code = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '`') code = !code;
    if (code || (line[at] != '@' && line[at] != '\\')) continue;
    const auto name = command_word(line.substr(at));
    const auto brace = at + 1 + name.size();
    if (!name.empty() && brace < line.size() && line[brace] == '{' &&
        line.find('}', brace) == std::string_view::npos)
      return name;
  }
  return {};
}

class Weaver {
 public:
  Weaver(const fs::path& root, const fs::path& page, std::string_view text)
      : root_{root}, page_{page}, lines_{split_lines(text)} {}

  std::string weave() {
    for (at_ = 0; at_ < lines_.size(); ++at_) {
      const auto& line = lines_[at_];
      if (trim(line).starts_with("```") || trim(line).starts_with("~~~"))
        fence();
      else
        directive(line);
    }
    if (!open_.empty()) throw WeaveError{page_, open_line_, fmt::format("@{} has no @end{}", open_, open_)};
    return std::move(out_);
  }

 private:
  [[noreturn]] void fail(const std::string& message) const { throw WeaveError{page_, at_ + 1, message}; }

  void emit(const std::string& text) { out_ += text; }

  void fence() {
    const auto mark = std::string{trim(lines_[at_]).substr(0, 3)};
    const auto language = std::string{trim(trim(lines_[at_]).substr(3))};
    const auto start = at_;
    std::vector<std::string> body;
    while (++at_ < lines_.size() && trim(lines_[at_]) != mark) body.push_back(lines_[at_]);
    if (at_ == lines_.size()) throw WeaveError{page_, start + 1, "this block of code has no end"};
    if (const auto html = fence_html(language, body); !html.empty()) return emit(html_block(html));
    emit(lines_[start] + "\n");
    for (const auto& line : body) emit(line + "\n");
    emit(mark + "\n");
  }

  void directive(const std::string& line) {
    if (const auto open = open_directive(line); !open.empty())
      fail(fmt::format("the {{ of @{} is not closed on its line", open));
    const auto word = command_word(line);
    const auto rule = rules().find(word);
    if (word.empty() || (rule == rules().end() && is_doxygens(word))) return emit(line + "\n");
    if (rule == rules().end())
      fail(fmt::format("unknown directive @{} (there are: {})", word, known_directives()));
    Directive parsed;
    if (!parse_directive(line, parsed))
      fail(fmt::format("@{} must stand on a line of its own: @name{{arguments}}", word));
    const auto count = parsed.arguments.size();
    if (count < rule->second.least || count > rule->second.most)
      fail(fmt::format("@{} takes {} argument{}, not {}", word, rule->second.least,
                       rule->second.least == 1 ? "" : "s", count));
    pair(word);
    emit("\n" + expand(rule->second, parsed.arguments));
  }

  std::string expand(const Rule& rule, const Arguments& arguments) const try {
    return rule.expand(root_, arguments);
  } catch (const std::exception& error) {
    fail(error.what());
  }

  // @predict … @answer … @endpredict and @do … @enddo belong together.
  void pair(const std::string& word) {
    if (word == "predict" || word == "do") {
      if (!open_.empty()) fail(fmt::format("@{} inside of @{}", word, open_));
      open_ = word;
      open_line_ = at_ + 1;
      answered_ = false;
    } else if (word == "answer") {
      if (open_ != "predict" || answered_) fail("@answer belongs between @predict and @endpredict, once");
      answered_ = true;
    } else if (word == "endpredict" || word == "enddo") {
      if (open_ != word.substr(3)) fail(fmt::format("@{} without @{}", word, word.substr(3)));
      if (open_ == "predict" && !answered_) fail("@predict without @answer");
      open_.clear();
    }
  }

  const fs::path& root_;
  const fs::path& page_;
  std::vector<std::string> lines_;
  std::size_t at_ = 0;
  std::string out_{};
  std::string open_{};
  std::size_t open_line_ = 0;
  bool answered_ = false;
};

}  // namespace

WeaveError::WeaveError(const fs::path& file, std::size_t line, const std::string& message)
    : std::runtime_error{fmt::format("{}:{}: {}", file.string(), line, message)} {}

bool parse_directive(std::string_view line, Directive& directive) {
  const auto word = command_word(line);
  if (word.empty()) return false;
  auto rest = trim(trim(line).substr(word.size() + 1));
  directive = {.name = word};
  if (rest.empty()) return true;
  if (!rest.starts_with('{') || !rest.ends_with('}')) return false;
  rest = rest.substr(1, rest.size() - 2);
  while (true) {
    const auto comma = rest.find(',');
    directive.arguments.emplace_back(trim(rest.substr(0, comma)));
    if (comma == std::string_view::npos) return true;
    rest = rest.substr(comma + 1);
  }
}

fs::path find_root(const fs::path& inside) {
  for (auto folder = fs::weakly_canonical(fs::absolute(inside)); folder != folder.parent_path();
       folder = folder.parent_path())
    if (fs::is_directory(folder / "book") && fs::is_directory(folder / "chapters")) return folder;
  throw std::runtime_error{
      fmt::format("{} is not inside of the project (no book/ and chapters/ above it)", inside.string())};
}

std::string weave_text(const fs::path& root, const fs::path& page, std::string_view text) {
  return Weaver{root, page, text}.weave();
}

std::string weave_page(const fs::path& root, const fs::path& page) {
  return weave_text(root, page, read_file(page));
}

}  // namespace dockwright::weave
