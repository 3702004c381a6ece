#pragma once
// One run of a command below the harness: its output caught, its time limited, its end seen by descriptor.

#include <functional>
#include <string>
#include <vector>

#include "common/unique_fd.hpp"

namespace dockwright::workbook {

/// How the child is started.
struct ChildOptions {
  /// Run in the child before it becomes the command: to enter namespaces, to lower limits. May throw: exit code 125.
  std::function<void()> prepare{};
  /// A descriptor that the child finds as number 9.
  int planted = -1;
  /// Added to a small environment.
  std::vector<std::string> environment{};
  /// Standard output and error go here instead of being caught.
  int terminal = -1;
};

/// What came of it.
struct Finished {
  int exit_code = 0;  ///< 128 + the signal's number where one ended it.
  std::string out{};
  std::string err{};
  bool timed_out = false;
};

/// A running child; killed and collected when it goes out of scope.
class Child {
 public:
  /// @throws std::system_error when it cannot be started; a command that is missing ends with 127.
  Child(const std::vector<std::string>& command, const ChildOptions& options);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  [[nodiscard]] int pid() const noexcept { return pid_; }
  /// Its end of file means: whoever held the command's output has gone.
  [[nodiscard]] const UniqueFd& output() const noexcept { return out_; }
  /// Waits for the end at most so long, then kills it.
  Finished wait(int milliseconds);
  /// Waits until there is output, or its end; false after so long.
  [[nodiscard]] bool wait_for_output(int milliseconds) const;
  /// SIGKILL, and collected.
  void kill();

 private:
  int pid_ = -1;
  UniqueFd handle_;
  UniqueFd out_;
  UniqueFd err_;
};

/// Runs a command to its end.
Finished run_child(const std::vector<std::string>& command, const ChildOptions& options = {}, int milliseconds = 10'000);

}  // namespace dockwright::workbook
