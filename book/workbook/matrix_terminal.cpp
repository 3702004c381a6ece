// The method `terminal`: whether a command types into the terminal of whoever started it.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <exception>

#include "book/workbook/matrix_methods.hpp"
#include "book/workbook/text.hpp"
#include "common/check.hpp"

namespace dockwright::workbook::matrix {

namespace {

/// The leader of a new session, on a terminal of its own: runs the command there, then looks whether
/// something was typed. It must do the looking itself: when a leader ends, its terminal is hung up and what
/// was typed is gone.
[[noreturn]] void lead_session(const Request& request, const UniqueFd& terminal) {
  try {
    check(::setsid(), "begin a session");
    check(::ioctl(terminal.get(), TIOCSCTTY, 0), "take the terminal");
    check(::dup2(terminal.get(), 0), "read from the terminal");
    termios raw{};
    check(::tcgetattr(0, &raw), "ask for the terminal's settings");
    ::cfmakeraw(&raw);
    check(::tcsetattr(0, TCSANOW, &raw), "set the terminal");
    auto options = request.options;
    options.terminal = terminal.get();
    const auto finished = run_program(request.line, options);
    if (finished.exit_code != 0) ::_exit(finished.exit_code == 1 ? 125 : finished.exit_code);
    pollfd typed{.fd = 0, .events = POLLIN, .revents = 0};
    ::_exit(::poll(&typed, 1, 20) > 0 ? 1 : 0);
  } catch (const std::exception&) {
  }
  ::_exit(125);
}

}  // namespace

Answer typed_into_terminal(const Request& request) {
  const UniqueFd master{check(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK), "make a terminal")};
  check(::grantpt(master.get()), "grant the terminal");
  check(::unlockpt(master.get()), "unlock the terminal");
  std::array<char, 64> name{};
  check(::ptsname_r(master.get(), name.data(), name.size()) == 0 ? 0 : -1, "name the terminal");
  const UniqueFd slave{check(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC), "open the terminal")};
  const pid_t leader = check(::fork(), "fork the leader of a session");
  if (leader == 0) lead_session(request, slave);
  int status = 0;
  check(retry([&] { return ::waitpid(leader, &status, 0); }), "collect the leader");
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 125;
  if (code == 0) return {.word = "apart"};
  if (code == 1) return {.word = "typed"};
  std::array<char, 256> shown{};
  const auto size = ::read(master.get(), shown.data(), shown.size());
  return {.word = fmt::format("exit {}", code),
          .trouble = trim({shown.data(), size > 0 ? static_cast<std::size_t>(size) : 0})};
}

}  // namespace dockwright::workbook::matrix
