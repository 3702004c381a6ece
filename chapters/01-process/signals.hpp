#pragma once
// Signals that arrive for us are meant for the program that we run.
// They are held back (blocked) and read as data from a descriptor, so
// that one loop waits for signals, for the child and for whatever else
// there is, and nothing races.
//
//     terminal, kill(1) -> stage -> pidfd_send_signal -> program
//
// One exception: Ctrl-C in a terminal already goes to every process of
// the foreground group. While the program shares our terminal it has
// had that signal; sent once more it would arrive twice.

#include <poll.h>
#include <sys/signalfd.h>

#include <csignal>
#include <functional>
#include <optional>
#include <vector>

#include "common/process.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

/// Whether the program is in our terminal's foreground group, and gets
/// the terminal's signals without us.
enum class Terminal { shared, separate };

/// Holds back the signals that are forwarded (TERM, INT, HUP, QUIT,
/// USR1, USR2, WINCH), and CHLD, while it lives.
class Signals {
 public:
  /// @throws SystemCallError
  explicit Signals(Terminal terminal = Terminal::shared);
  Signals(Signals&&) = delete;
  ~Signals();

  /// Readable when a signal waits. @man{signalfd,2}
  [[nodiscard]] const UniqueFd& descriptor() const noexcept {
    return descriptor_;
  }
  /// The next signal that waits, if there is one.
  [[nodiscard]] std::optional<signalfd_siginfo> next() const;
  /// Whether `signal` is to be passed on: not CHLD, and not one that
  /// the program has had from the terminal.
  [[nodiscard]] bool wants_forwarding(
      const signalfd_siginfo& signal) const noexcept;
  /// Lets the signals through, and undoes what our caller ignored: for
  /// the child, before it becomes the program.
  void release() const;

 private:
  Terminal terminal_;
  sigset_t before_{};
  UniqueFd descriptor_;
};

/// A descriptor that is looked after while a container runs.
struct Watch {
  int descriptor = -1;
  short events = POLLIN;  ///< @man{poll,2}
  std::function<void()> ready{};
};

/// What is done beside waiting.
struct SuperviseOptions {
  std::function<std::vector<Watch>()>
      watches{};  ///< Asked anew before each wait.
  std::function<void()> window_changed{};  ///< For SIGWINCH; without it
                                           ///< the signal is forwarded.
};

/// Waits for `container` to start and to end, forwards signals
/// meanwhile, and gives Docker's exit code. A signal that comes before
/// the program runs ends the set-up: nothing is left behind.
/// @throws Failure when the container could not be started
int supervise(Process& container, const Signals& signals,
              const SuperviseOptions& options = {});

}  // namespace dockwright
