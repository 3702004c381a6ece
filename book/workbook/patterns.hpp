#pragma once

#include <string>
#include <string_view>
#include <vector>

/// What a transcript or a check expects, line by line, against what was printed.
///
/// In an expected line `[..]` stands for anything, `[PID]` for a number and `[ID]` for twelve or more
/// hexadecimal digits. A line that is only `...` stands for any number of lines, also none.
namespace dockwright::workbook {

/// One expected line against one printed line.
bool line_matches(std::string_view pattern, std::string_view line);

/// How an expected text and a printed text go together. Both are walked from top to bottom.
struct Difference {
  enum class Kind {
    same,     ///< an expected line that was printed (also under a pattern)
    any,      ///< a `...` line; the `skipped` lines below it belong to it
    skipped,  ///< printed, and covered by the `...` above
    missing,  ///< expected, not printed
    surplus,  ///< printed, not expected
  };
  Kind kind;
  std::string expected;  ///< of same, any, missing
  std::string printed;   ///< of same, skipped, surplus
};

/// The cheapest way to read `printed` as `expected`.
std::vector<Difference> compare_lines(const std::vector<std::string>& expected,
                                      const std::vector<std::string>& printed);

/// Nothing is missing and nothing is surplus.
bool is_match(const std::vector<Difference>& differences);

bool text_matches(std::string_view expected, std::string_view printed);

/// The lines of `expected` stand somewhere in `printed`, one after the other; a single line may also be part
/// of one.
bool text_contains(std::string_view expected, std::string_view printed);

/// `printed` as a new expectation, in which every pattern of the old one that still matches is kept.
std::vector<std::string> blessed(const std::vector<Difference>& differences);

}  // namespace dockwright::workbook
