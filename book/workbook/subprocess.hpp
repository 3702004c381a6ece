#pragma once
// Starts a program and reads it to its end: the compiler, git, and whatever the matrix measures. A child is a
// descriptor (common/process.hpp), so its end and its output are waited for in one place, and a limit of time
// can be kept.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/process.hpp"
#include "common/unique_fd.hpp"

namespace dockwright::workbook {

/// Where a program's standard output and error go.
enum class Output {
  mixed,         ///< both are caught, as one text
  apart,         ///< both are caught, each for itself
  errors_shown,  ///< output is caught; errors go where ours go
};

/// How a program is started.
struct RunOptions {
  std::string input{};                ///< what it reads on its standard input
  std::filesystem::path directory{};  ///< where it runs; empty: here
  Output output = Output::mixed;
  /// Absent: our own environment. Else a small one, with these added.
  std::optional<std::vector<std::string>> environment{};
  /// Run in the child before it becomes the program: to enter namespaces, to lower limits. May throw: exit
  /// code 125.
  std::function<void()> prepare{};
  int planted = -1;             ///< a descriptor that the program finds as number 9
  int terminal = -1;            ///< output and errors go here instead, and standard input is ours
  int limit_milliseconds = -1;  ///< killed after so long; -1: as long as it takes
};

/// What came of it.
struct Finished {
  int exit_code = 0;  ///< 127 when there is no such program, 128 and the signal's number when one ended it
  std::string out{};
  std::string err{};
  bool timed_out = false;
};

/// A running program; killed and collected when it goes out of scope.
class Child {
 public:
  /// Starts a program of PATH. @pre this process has one thread @throws std::system_error when no child can
  /// be made
  Child(const std::vector<std::string>& command, const RunOptions& options);

  /// Its end of file means: whoever held the program's output has gone.
  [[nodiscard]] const UniqueFd& output() const noexcept { return out_; }
  /// Waits until there is output, or its end; false after so long.
  [[nodiscard]] bool wait_for_output(int milliseconds) const;
  /// Reads what it prints until it ends, or kills it after `milliseconds` (-1: never). Once.
  Finished wait(int milliseconds);
  /// SIGKILL, and collected.
  void kill() { process_.reset(); }

 private:
  std::optional<Process> process_{};
  UniqueFd out_{};
  UniqueFd err_{};
};

/// Runs a program of PATH to its end.
Finished run_program(const std::vector<std::string>& command, const RunOptions& options = {});

/// All that can be read from a descriptor.
std::string read_to_end(int fd);

/// @throws std::system_error that names the attempt
void write_all(const UniqueFd& fd, std::string_view text, const char* attempt);

}  // namespace dockwright::workbook
