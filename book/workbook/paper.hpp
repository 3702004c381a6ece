#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "book/workbook/patterns.hpp"

namespace dockwright::workbook {

/// How the workbook writes: colour only on a terminal and without NO_COLOR; with `--plain` (or
/// WORKBOOK_PLAIN) words instead of signs and nothing drawn, for those who listen to the screen.
class Paper {
 public:
  struct Habits {
    bool colour = false;
    bool plain = false;
    std::size_t width = 80;
  };

  explicit Paper(Habits habits) : habits_{habits} {}

  /// What the standard output and the environment ask for.
  static Paper of_stdout();

  [[nodiscard]] std::string bold(std::string_view text) const;
  [[nodiscard]] std::string dim(std::string_view text) const;
  [[nodiscard]] std::string green(std::string_view text) const;
  [[nodiscard]] std::string red(std::string_view text) const;
  [[nodiscard]] std::string yellow(std::string_view text) const;

  /// "✓" in green, or the word "passed".
  [[nodiscard]] std::string passed() const;
  /// "✗" in red, or the word "not passed".
  [[nodiscard]] std::string failed() const;

  /// A paragraph, broken at the terminal's width, every line after `indent`.
  [[nodiscard]] std::string paragraph(std::string_view text, std::string_view indent = "") const;

  /// A comparison as a diff: "- " was expected, "+ " was printed.
  [[nodiscard]] std::string diff(const std::vector<Difference>& differences,
                                 std::string_view indent = "") const;

  /// A `diff -u`, coloured.
  [[nodiscard]] std::string unified_diff(std::string_view text) const;

  [[nodiscard]] const Habits& habits() const noexcept { return habits_; }

 private:
  [[nodiscard]] std::string painted(std::string_view code, std::string_view text) const;

  Habits habits_;
};

}  // namespace dockwright::workbook
