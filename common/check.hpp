#pragma once
// Checked system calls. The kernel answers -1 and puts a number into errno; a program that goes on regardless
// is how a protection silently fails to apply. Every call of ours therefore passes through `check`, which
// turns -1 into an exception that says what was attempted, in the imperative, with the values.

#include <fmt/format.h>

#include <cerrno>
#include <concepts>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace dockwright {

/// A system call that failed: which one, what was attempted, and the kernel's reason. The table of causes
/// (`common/causes.hpp`) finds its row by the call's name and the error number.
class SystemCallError : public std::system_error {
 public:
  SystemCallError(std::string_view call, int error, const std::string& attempt)
      : std::system_error{error, std::generic_category(), attempt}, call_{call} {}
  /// The call's name as in section 2 of the manual, such as `chroot`; empty where no wrapper said it.
  [[nodiscard]] const std::string& call() const noexcept { return call_; }

 private:
  std::string call_;
};

/// What a Failure knows better than the table of causes, which has one row for several stories.
struct Advice {
  std::string cause{};           ///< Empty where the message itself is the cause.
  std::string cure{};            ///< Empty: there is no advice, and the table is asked.
  int chapter = 0;               ///< Where the book tells of it …
  std::string_view anchor = "";  ///< … and the section's id.
};

/// An error of ours that ends the program with `exit_code`: Docker's 125 for the runtime itself, 126 for a
/// command that cannot be executed, 127 for one that is not there.
class Failure : public std::runtime_error {
 public:
  explicit Failure(const std::string& message, int exit_code = 125)
      : std::runtime_error{message}, exit_code_{exit_code} {}
  Failure(const std::string& message, Advice advice, int exit_code = 125)
      : std::runtime_error{message}, exit_code_{exit_code}, advice_{std::move(advice)} {}
  [[nodiscard]] int exit_code() const noexcept { return exit_code_; }
  [[nodiscard]] const Advice& advice() const noexcept { return advice_; }

 private:
  int exit_code_;
  Advice advice_{};
};

/// Throws SystemCallError with the errno of `call` when `result` is -1; otherwise gives `result` back.
/// The arguments must be plain values: a call among them could change errno first.
/// @throws SystemCallError
template <std::signed_integral T, typename... Args>
T check_call(std::string_view call, T result, fmt::format_string<Args...> attempt, Args&&... args) {
  if (result == -1) [[unlikely]] {
    const int error = errno;
    throw SystemCallError{call, error, fmt::format(attempt, std::forward<Args>(args)...)};
  }
  return result;
}

/// As `check_call`, for a call that the table of causes does not know.
/// @throws SystemCallError
template <std::signed_integral T, typename... Args>
T check(T result, fmt::format_string<Args...> attempt, Args&&... args) {
  return check_call("", result, attempt, std::forward<Args>(args)...);
}

/// Repeats a call that a signal interrupted (EINTR). Not for `close`.
template <typename Call>
auto retry(Call&& call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

/// Says in the source why a result does not matter here.
inline void ignore(long /*result*/, std::string_view /*reason*/) noexcept {}

}  // namespace dockwright
