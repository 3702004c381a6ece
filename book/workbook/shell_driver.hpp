#pragma once

#include <sys/types.h>

#include <string>

#include "book/workbook/job.hpp"
#include "common/unique_fd.hpp"

namespace dockwright::workbook {

/// A bash that is driven one command at a time. Commands go in through a descriptor of their own (not through
/// standard input, which belongs to the commands), so that state carries over and each command's output and
/// exit code are known.
class ShellDriver {
 public:
  /// Starts a shell in the current directory, with a terminal of its own or with pipes.
  explicit ShellDriver(bool terminal);
  ~ShellDriver();
  ShellDriver(ShellDriver&&) = delete;

  /// Runs one command to its end, or until the time is over.
  StepResult run(const std::string& command, int seconds);

  /// Starts a command that reads what is typed after it (a shell in a container) and makes that shell ready
  /// for it.
  StepResult start(const std::string& command, int seconds);
  /// Types one line into the started command. When that ends, the result is the command's own exit code.
  StepResult type(const std::string& line, int seconds);
  /// Ends the started command, if it still runs, as Ctrl-D does.
  void finish(int seconds);

  [[nodiscard]] bool is_running() const noexcept { return running_; }

 private:
  struct Seen {
    std::string text;
    int code = 0;
    char mark = '\0';  ///< which mark ended it: the shell's, the box's, or none
  };
  Seen read_until_mark(int seconds);
  void send(const std::string& command);
  void forget_typed();
  void type_text(const std::string& text);
  StepResult result_of(const Seen& seen) const;
  bool shell_is_gone(int& code);

  pid_t pid_ = -1;
  bool terminal_;
  bool running_ = false;  ///< a started command has not ended yet
  bool gone_ = false;     ///< the shell itself has ended
  UniqueFd commands_;     ///< into the shell: the next command
  UniqueFd screen_;    ///< out of the shell: what is printed (and, with a terminal, into it: what is typed)
  UniqueFd keyboard_;  ///< the terminal's other side, from which the shell reads
  std::string unread_;
};

}  // namespace dockwright::workbook
