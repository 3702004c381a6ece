#include "book/workbook/patterns.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <optional>
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

constexpr std::string_view kAny = "[..]";
constexpr std::string_view kPid = "[PID]";
constexpr std::string_view kId = "[ID]";

/// How much of a pattern's beginning is dealt with, and how much of the line it takes.
struct Bite {
  std::size_t pattern;
  std::size_t line;
};

/// Nothing where the line begins otherwise.
std::optional<Bite> bite(std::string_view pattern, std::string_view line) {
  if (starts_with(pattern, kPid)) {
    const auto digits = run_of(line, is_digit);
    return digits > 0 ? std::optional{Bite{kPid.size(), digits}} : std::nullopt;
  }
  if (starts_with(pattern, kId)) {
    const auto digits = run_of(line, is_hex);
    return digits >= 12 ? std::optional{Bite{kId.size(), digits}} : std::nullopt;
  }
  if (line.empty() || line.front() != pattern.front()) return std::nullopt;
  return Bite{1, 1};
}

bool matches_somewhere(std::string_view pattern, std::string_view line) {
  for (std::size_t skip = 0; skip <= line.size(); ++skip)
    if (line_matches(pattern, line.substr(skip))) return true;
  return false;
}

/// Reads expected lines against printed ones so that as few as possible are missing or surplus.
class Comparison {
 public:
  Comparison(const std::vector<std::string>& expected, const std::vector<std::string>& printed)
      : expected_{expected}, printed_{printed}, costs_((expected.size() + 1) * (printed.size() + 1), 0) {
    for (std::size_t i = expected.size() + 1; i-- > 0;)
      for (std::size_t j = printed.size() + 1; j-- > 0;) cost(i, j) = cheapest(i, j);
  }

  std::vector<Difference> differences() {
    while (i_ < expected_.size() || j_ < printed_.size()) step();
    return std::move(result_);
  }

 private:
  using Kind = Difference::Kind;

  /// How many lines are missing or surplus at best when expected[i…] is read against printed[j…].
  std::size_t& cost(std::size_t i, std::size_t j) { return costs_[i * (printed_.size() + 1) + j]; }

  std::size_t cheapest(std::size_t i, std::size_t j) {
    if (i == expected_.size()) return printed_.size() - j;
    const bool any = expected_[i] == kAnyLines;
    std::size_t best = cost(i + 1, j) + (any ? 0 : 1);
    if (j == printed_.size()) return best;
    best = std::min(best, cost(i, j + 1) + (any ? 0 : 1));
    if (!any && line_matches(expected_[i], printed_[j])) best = std::min(best, cost(i + 1, j + 1));
    return best;
  }

  void step() {
    const bool wanted = i_ < expected_.size();
    const bool left = j_ < printed_.size();
    if (wanted && expected_[i_] == kAnyLines)
      step_over_any(left);
    else if (wanted && left && line_matches(expected_[i_], printed_[j_]) &&
             cost(i_, j_) == cost(i_ + 1, j_ + 1))
      take(Kind::same, expected_[i_++], printed_[j_++]);
    else if (wanted && cost(i_, j_) == cost(i_ + 1, j_) + 1)
      take(Kind::missing, expected_[i_++], "");
    else
      take(Kind::surplus, "", printed_[j_++]);
  }

  void step_over_any(bool left) {
    if (!std::exchange(any_open_, true)) take(Kind::any, expected_[i_], "");
    if (left && cost(i_, j_) == cost(i_, j_ + 1) && cost(i_, j_) < cost(i_ + 1, j_)) {
      take(Kind::skipped, "", printed_[j_++]);
    } else {
      ++i_;
      any_open_ = false;
    }
  }

  void take(Kind kind, const std::string& expected, const std::string& printed) {
    result_.push_back({kind, expected, printed});
  }

  const std::vector<std::string>& expected_;
  const std::vector<std::string>& printed_;
  std::vector<std::size_t> costs_;
  std::vector<Difference> result_{};
  std::size_t i_ = 0;
  std::size_t j_ = 0;
  bool any_open_ = false;
};

}  // namespace

bool line_matches(std::string_view pattern, std::string_view line) {
  while (!pattern.empty()) {
    if (starts_with(pattern, kAny)) return matches_somewhere(pattern.substr(kAny.size()), line);
    const auto taken = bite(pattern, line);
    if (!taken) return false;
    pattern.remove_prefix(taken->pattern);
    line.remove_prefix(taken->line);
  }
  return line.empty();
}

std::vector<Difference> compare_lines(const std::vector<std::string>& expected,
                                      const std::vector<std::string>& printed) {
  return Comparison{expected, printed}.differences();
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
