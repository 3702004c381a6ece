// Difference by the longest common subsequence, with the plain table: spines have at most 120 lines.
#include "book/workbook/weave_diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "book/workbook/weave_console.hpp"
#include "book/workbook/weave_text.hpp"

namespace dockwright::weave {

namespace fs = std::filesystem;

namespace {

struct Edit {
  char sign;  // ' ', '-' or '+'
  std::string line;
};

using Lines = std::vector<std::string>;

// common[i][j]: how many lines before[i…] and after[j…] have in common, in order.
std::vector<std::vector<std::size_t>> common_lines(const Lines& before, const Lines& after) {
  std::vector<std::vector<std::size_t>> common(before.size() + 1,
                                               std::vector<std::size_t>(after.size() + 1, 0));
  for (std::size_t i = before.size(); i-- > 0;)
    for (std::size_t j = after.size(); j-- > 0;)
      common[i][j] =
          before[i] == after[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  return common;
}

std::vector<Edit> edits_between(const Lines& before, const Lines& after) {
  const auto common = common_lines(before, after);
  std::vector<Edit> edits;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < before.size() || j < after.size()) {
    if (i < before.size() && j < after.size() && before[i] == after[j]) {
      edits.push_back({' ', before[i]});
      ++i, ++j;
    } else if (i < before.size() && (j == after.size() || common[i + 1][j] >= common[i][j + 1])) {
      edits.push_back({'-', before[i++]});
    } else {
      edits.push_back({'+', after[j++]});
    }
  }
  return edits;
}

constexpr std::array<std::string_view, 2> kSpines{"run.cpp", "build.cpp"};

bool is_marker(std::string_view line) { return trim(line).starts_with("//! ["); }

bool is_preamble(std::string_view line) {
  line = trim(line);
  return line.empty() || line.starts_with("//") || line.starts_with("#include") ||
         line.starts_with("#pragma");
}

Lines spine_of(const std::optional<fs::path>& file) {
  return file ? spine_lines(split_lines(read_file(*file))) : Lines{};
}

}  // namespace

Lines unified_diff(const Lines& before, const Lines& after, std::size_t context) {
  const auto edits = edits_between(before, after);
  std::vector<bool> shown(edits.size(), false);
  for (std::size_t k = 0; k < edits.size(); ++k) {
    if (edits[k].sign == ' ') continue;
    const auto last = std::min(edits.size() - 1, k + context);
    for (auto near = k - std::min(k, context); near <= last; ++near) shown[near] = true;
  }
  Lines lines;
  std::size_t old_line = 1;
  std::size_t new_line = 1;
  for (std::size_t k = 0; k < edits.size(); ++k) {
    if (shown[k] && (k == 0 || !shown[k - 1]))
      lines.push_back(fmt::format("@@ -{} +{} @@", old_line, new_line));
    if (shown[k]) lines.push_back(edits[k].sign + edits[k].line);
    if (edits[k].sign != '+') ++old_line;
    if (edits[k].sign != '-') ++new_line;
  }
  return lines;
}

Lines spine_lines(const Lines& source) {
  auto first = std::find_if_not(source.begin(), source.end(), is_preamble);
  // a comment that stands directly above the code belongs to it
  while (first != source.begin() && trim(*(first - 1)).starts_with("///")) --first;
  Lines lines;
  std::copy_if(first, source.end(), std::back_inserter(lines),
               [](const auto& line) { return !is_marker(line); });
  return lines;
}

std::optional<fs::path> spine_file(const fs::path& root, int chapter, std::string_view name) {
  for (; chapter >= 1; --chapter)
    if (auto file = chapter_directory(root, chapter) / name; fs::exists(file)) return file;
  return std::nullopt;
}

Lines spine_diff_lines(const fs::path& root, int before, int after) {
  Lines lines;
  for (const auto name : kSpines) {
    const auto old_file = spine_file(root, before, name);
    const auto new_file = spine_file(root, after, name);
    if (old_file == new_file) continue;
    lines.push_back(old_file ? "--- " + fs::relative(*old_file, root).string() : "--- nothing");
    lines.push_back(new_file ? "+++ " + fs::relative(*new_file, root).string() : "+++ nothing");
    // The numbers of a piece are those of the cut, not of the file.
    for (auto& line : unified_diff(spine_of(old_file), spine_of(new_file)))
      lines.push_back(line.starts_with("@@") ? "@@" : std::move(line));
  }
  return lines;
}

std::string spine_diff(const fs::path& root, int before, int after) {
  return diff_html(spine_diff_lines(root, before, after));
}

}  // namespace dockwright::weave
