#pragma once
// A terminal of the container's own. Handing our own terminal over
// would let a program inside type into our shell (TIOCSTI). So the
// container opens a pseudo-terminal in *its* /dev/pts and sends us the
// other end:
//
//     our terminal <-> stage <-> master ~~~ slave <-> command
//        (raw)                         /dev/console

#include <termios.h>

#include <optional>
#include <string>
#include <vector>

#include "chapters/01-process/signals.hpp"
#include "common/pipe.hpp"
#include "common/spec.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

/// Standard input, output and error of the container: a pseudo-terminal
/// with `-t`; else ours, with /dev/null for standard input unless `-i`
/// was given. The destructor shows what is left of the output and gives
/// our terminal back.
class Console {
 public:
  /// @throws Failure when `-it` is asked for and standard input is no
  /// terminal
  explicit Console(const Spec& spec);
  Console(Console&&) = delete;
  ~Console();

  /// In the container, before pivot_root: opens a pseudo-terminal in
  /// its /dev/pts, sends the master to the stage and lays the slave
  /// over /dev/console. Nothing without `-t`. @man{pts,4}
  void make_in(const UniqueFd& root);
  /// In the command: a session of its own, and its terminal for
  /// standard input, output and error.
  void take() const;
  /// In the stage: what `supervise` is to look after, by and by.
  [[nodiscard]] std::vector<Watch> watches();
  /// In the stage: tells the container's terminal how large ours is.
  void resize() const;

 private:
  void receive_master();
  void read_input();
  void write_input();
  bool copy_output() const;

  bool tty_;
  bool interactive_;
  SocketPair sockets_{};
  UniqueFd null_{};
  UniqueFd master_{};
  UniqueFd slave_{};
  std::string
      pending_{};  ///< Typed, and not yet taken by the container.
  bool input_open_ = true;
  bool output_open_ = true;
  std::optional<termios> before_{};
};

}  // namespace dockwright
