#pragma once
// A child process is a descriptor. A process number is reused as soon as its process is reaped, and whoever
// signals by number may hit a stranger; a pidfd names one process for ever (Linux 5.2). `spawn` makes a child
// by clone3, in the namespaces that it is asked for; what goes wrong in the child before it runs its program
// comes back to the parent as an exception, through a pipe that closes itself when the program starts:
//
//     parent                          child
//       | <-- (a failure, as text) ---  |   something threw before exec
//       | <-- (end of file) ----------  |   exec closed the pipe
//       | <-- (pidfd readable) -------  |   it ended

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string_view>
#include <type_traits>

#include "common/unique_fd.hpp"

namespace dockwright {

/// How a child is made.
struct SpawnOptions {
  std::uint64_t namespaces = 0;            ///< CLONE_NEW… flags. @man{namespaces,7}
  std::string_view speaker = "the child";  ///< What `--explain` calls it; a string literal.
  /// An open group of cgroup version 2 that the child is born into; -1: that of its parent. @kernel{5.7}
  int cgroup = -1;
  /// The child reports to *our* parent, in our place: that one learns of exec in the very moment, and of a
  /// failure at first hand. For a child that starts another one as its last act of set-up.
  bool hand_over_report = false;
  /// The child borrows our memory instead of getting a copy that exec would throw away at once, and we stand
  /// still until it runs its program or ends (as after vfork). What its body changes in memory stays changed.
  bool borrow_memory = false;
};

/// A child process, owned: if it is still there when its owner goes, it is killed and reaped.
class Process {
 public:
  Process(pid_t pid, UniqueFd pidfd, UniqueFd report) noexcept;
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;
  ~Process();

  /// The number, as this process's own PID namespace sees it.
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  /// Readable when the process has ended. @man{pidfd_open,2}
  [[nodiscard]] const UniqueFd& pidfd() const noexcept { return pidfd_; }
  /// Readable when the child has started its program or has failed to.
  [[nodiscard]] const UniqueFd& report() const noexcept { return report_; }

  /// Waits until the child runs its program. @throws Failure with the child's own words and exit code
  void expect_started();
  /// Sends a signal; one to a process that has ended is no error.
  void signal(int number) const;
  /// Waits for the end. Docker's exit code: the program's own, or 128 + the signal that ended it.
  int wait();

 private:
  pid_t pid_;
  UniqueFd pidfd_;
  UniqueFd report_;
};

namespace detail {
Process spawn_child(const SpawnOptions& options, const std::function<int()>& body);
}

/// Makes a child that runs `body` and ends with what it returns (0 when it returns nothing). The child is a
/// copy of this process, so this process must have one thread. @kernel{5.5} @man{clone3,2} @throws
/// SystemCallError
template <typename Body>
Process spawn(const SpawnOptions& options, Body&& body) {
  if constexpr (std::is_void_v<std::invoke_result_t<Body&>>) {
    return detail::spawn_child(options, [&body] {
      body();
      return 0;
    });
  } else {
    return detail::spawn_child(options, [&body]() -> int { return body(); });
  }
}

}  // namespace dockwright
