#include "book/workbook/patterns.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <utility>

#include "book/workbook/text.hpp"

namespace dockwright::workbook {

namespace {

constexpr std::string_view kAnyLines = "...";

/// The shortest and longest beginning of `text` that consists of the wanted digits; nothing fits when it is
/// too short.
template <typename Wanted>
std::size_t run_of(std::string_view text, Wanted wanted) {
  std::size_t size = 0;
  while (size < text.size() && wanted(static_cast<unsigned char>(text[size]))) ++size;
  return size;
}

bool is_digit(unsigned char byte) { return std::isdigit(byte) != 0; }
bool is_hex(unsigned char byte) { return std::isdigit(byte) != 0 || (byte >= 'a' && byte <= 'f'); }

}  // namespace

bool line_matches(std::string_view pattern, std::string_view line) {
  constexpr std::string_view any = "[..]", pid = "[PID]", id = "[ID]";
  while (!pattern.empty()) {
    if (starts_with(pattern, any)) {
      pattern.remove_prefix(any.size());
      for (std::size_t skip = 0; skip <= line.size(); ++skip)
        if (line_matches(pattern, line.substr(skip))) return true;
      return false;
    }
    std::size_t eaten = 1;
    if (starts_with(pattern, pid)) {
      eaten = run_of(line, is_digit);
      if (eaten == 0) return false;
      pattern.remove_prefix(pid.size());
    } else if (starts_with(pattern, id)) {
      eaten = run_of(line, is_hex);
      if (eaten < 12) return false;
      pattern.remove_prefix(id.size());
    } else {
      if (line.empty() || line.front() != pattern.front()) return false;
      pattern.remove_prefix(1);
    }
    line.remove_prefix(eaten);
  }
  return line.empty();
}

std::vector<Difference> compare_lines(const std::vector<std::string>& expected,
                                      const std::vector<std::string>& printed) {
  // cost[i][j]: how many lines are missing or surplus at best when expected[i…] is read against printed[j…].
  const std::size_t rows = expected.size() + 1, width = printed.size() + 1;
  std::vector<std::size_t> costs(rows * width, 0);
  const auto cost = [&](std::size_t i, std::size_t j) -> std::size_t& { return costs[i * width + j]; };
  for (std::size_t i = rows; i-- > 0;) {
    for (std::size_t j = width; j-- > 0;) {
      if (i + 1 == rows) {
        cost(i, j) = width - 1 - j;
        continue;
      }
      const bool any = expected[i] == kAnyLines;
      std::size_t best = cost(i + 1, j) + (any ? 0 : 1);
      if (j + 1 < width) {
        best = std::min(best, cost(i, j + 1) + (any ? 0 : 1));
        if (!any && line_matches(expected[i], printed[j])) best = std::min(best, cost(i + 1, j + 1));
      }
      cost(i, j) = best;
    }
  }
  using Kind = Difference::Kind;
  std::vector<Difference> result;
  std::size_t i = 0, j = 0;
  bool any_open = false;
  while (i + 1 < rows || j + 1 < width) {
    const bool wanted = i + 1 < rows, left = j + 1 < width;
    if (wanted && expected[i] == kAnyLines) {
      if (!std::exchange(any_open, true)) result.push_back({Kind::any, expected[i], ""});
      if (left && cost(i, j) == cost(i, j + 1) && cost(i, j) < cost(i + 1, j)) {
        result.push_back({Kind::skipped, "", printed[j++]});
      } else {
        ++i;
        any_open = false;
      }
    } else if (wanted && left && line_matches(expected[i], printed[j]) && cost(i, j) == cost(i + 1, j + 1)) {
      result.push_back({Kind::same, expected[i++], printed[j++]});
    } else if (wanted && cost(i, j) == cost(i + 1, j) + 1) {
      result.push_back({Kind::missing, expected[i++], ""});
    } else {
      result.push_back({Kind::surplus, "", printed[j++]});
    }
  }
  return result;
}

bool is_match(const std::vector<Difference>& differences) {
  return std::none_of(differences.begin(), differences.end(), [](const Difference& difference) {
    return difference.kind == Difference::Kind::missing || difference.kind == Difference::Kind::surplus;
  });
}

bool text_matches(std::string_view expected, std::string_view printed) {
  return is_match(compare_lines(split_lines(expected), split_lines(printed)));
}

bool text_contains(std::string_view expected, std::string_view printed) {
  auto lines = split_lines(expected);
  if (lines.size() == 1 && lines.front() != kAnyLines) lines.front() = "[..]" + lines.front() + "[..]";
  lines.insert(lines.begin(), std::string{kAnyLines});
  lines.emplace_back(kAnyLines);
  return is_match(compare_lines(lines, split_lines(printed)));
}

std::vector<std::string> blessed(const std::vector<Difference>& differences) {
  std::vector<std::string> lines;
  for (const auto& difference : differences) {
    if (difference.kind == Difference::Kind::same || difference.kind == Difference::Kind::any)
      lines.push_back(difference.expected);
    if (difference.kind == Difference::Kind::surplus) lines.push_back(difference.printed);
  }
  return lines;
}

}  // namespace dockwright::workbook
