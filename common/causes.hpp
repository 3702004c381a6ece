#pragma once
// Errors that teach. The kernel says "Operation not permitted"; a reader needs to know why, and what to do.
// One table of causes feeds the messages of every stage and the section "If it fails" of every page.

#include <span>
#include <string_view>

namespace dockwright {

/// Where a cause applies beyond its call and error number.
enum class Only {
  always,
  without_root,  ///< Only when the effective user id is not 0.
  as_root,       ///< Only when it is 0.
};

/// A famous failure of a call, its likely cause, and the cure.
struct Cause {
  int chapter;            ///< Whose "If it fails" shows it.
  std::string_view call;  ///< As in section 2 of the manual.
  int error;              ///< errno.
  Only only;
  std::string_view cause;
  std::string_view cure;
};

/// The whole table, by chapter.
[[nodiscard]] std::span<const Cause> causes() noexcept;

/// The likely cause of `call` failing with `error` in this process; null when the table knows none.
[[nodiscard]] const Cause* find_cause(std::string_view call, int error) noexcept;

}  // namespace dockwright
