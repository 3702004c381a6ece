#pragma once
// Two small tables that the program and the book share: the chapters, and the system calls with the section
// that introduces each. `--explain` prints from them, the appendix "Index of system calls" is made from them,
// and a test checks that every anchor exists in the book.

#include <span>
#include <string_view>

namespace dockwright {

/// A chapter of the book. Those without a page are announced (an option "arrives in chapter 5").
struct Chapter {
  int number;
  std::string_view title;
  std::string_view directory;  ///< `03-namespaces`: its code is in `chapters/`, its page in `book/`.
  std::string_view page;       ///< The page's file, from the root of the project.
};

/// All chapters, 0 to 16, in order.
[[nodiscard]] std::span<const Chapter> chapters() noexcept;

/// Chapter `number`. @pre 0 <= number <= 16
[[nodiscard]] const Chapter& chapter(int number) noexcept;

/// A system call that the workbook uses, and where it is introduced.
struct SystemCall {
  std::string_view name;     ///< As in section 2 of the manual.
  std::string_view purpose;  ///< What it does, in a few words.
  int chapter;
  std::string_view anchor;  ///< The section's id in that chapter's page.
  std::string_view since;   ///< The Linux version that brought it, where that is later than 3.0; else empty.
};

/// Every system call that a stage makes on purpose, sorted by name.
[[nodiscard]] std::span<const SystemCall> system_calls() noexcept;

/// The row of the call `name`, or nothing.
[[nodiscard]] const SystemCall* find_system_call(std::string_view name) noexcept;

}  // namespace dockwright
