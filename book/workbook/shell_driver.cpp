// How a transcript's commands are run.
//
// The shell is a bash that reads its commands, each ended by NUL, from descriptor 9 and evaluates them
// itself, so that variables, directories and background jobs carry over as at a prompt. After each it prints
// a mark that no program prints: \001 exit code \001. What stands before the mark is the command's output.
//
// A shell inside a container is typed at through a terminal. It gets `stty -echo` first: echoes and prompts
// would differ from shell to shell. After each line a second one makes it print a mark of its own: \002 exit
// code \002.
#include "book/workbook/shell_driver.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "book/workbook/subprocess.hpp"
#include "book/workbook/text.hpp"
#include "common/check.hpp"
#include "common/pipe.hpp"

namespace dockwright::workbook {

namespace {

constexpr const char* kDriver =
    "__s=0; __back() { return \"$__s\"; }; "
    "while IFS= read -r -d '' -u 9 __c; do __back; eval \"$__c\" 9<&-; __s=$?; printf '\\001%d\\001' "
    "\"$__s\"; done";
constexpr const char* kQuiet = "PS1= PS2=; stty -echo 2>&-; printf '\\002%d\\002' 0\n";
constexpr const char* kAskCode = "printf '\\002%d\\002' \"$?\"\n";
constexpr int kCommandFd = 9;
constexpr std::size_t kMostOutput = 1U << 20U;

/// A terminal that echoes nothing and is so wide that no line is broken.
Pipe make_terminal() {
  termios settings{};
  winsize size{};
  size.ws_row = 50;
  size.ws_col = 400;
  int master = -1, slave = -1;
  check(::openpty(&master, &slave, nullptr, nullptr, &size), "open a pseudo-terminal");
  Pipe ends{UniqueFd{master}, UniqueFd{slave}};
  check(::fcntl(master, F_SETFD, FD_CLOEXEC), "keep a descriptor to ourselves");
  check(::fcntl(slave, F_SETFD, FD_CLOEXEC), "keep a descriptor to ourselves");
  check(::tcgetattr(slave, &settings), "read the terminal's settings");
  settings.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  check(::tcsetattr(slave, TCSANOW, &settings), "change the terminal's settings");
  return ends;
}

/// Between fork and exec: a session of its own, the three standard descriptors, the commands on 9.
[[noreturn]] void become_shell(int commands, int screen, bool terminal) noexcept {
  ::setsid();
  if (terminal) ::ioctl(screen, TIOCSCTTY, 0);
  const int input = terminal ? screen : ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  // The screen must not be where the commands go: move both out of the way first.
  const int high_commands = ::fcntl(commands, F_DUPFD_CLOEXEC, 20);
  const int high_screen = ::fcntl(screen, F_DUPFD_CLOEXEC, 20);
  const int high_input = ::fcntl(input, F_DUPFD_CLOEXEC, 20);
  ::dup2(high_input, STDIN_FILENO);
  ::dup2(high_screen, STDOUT_FILENO);
  ::dup2(high_screen, STDERR_FILENO);
  ::dup2(high_commands, kCommandFd);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execlp("bash", "bash", "--noprofile", "--norc", "-c", kDriver, nullptr);
  ::_exit(127);
}

std::string without_escapes(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\033' && at + 1 < text.size() && text[at + 1] == '[') {
      at += 2;
      while (at < text.size() && (text[at] < '@' || text[at] > '~')) ++at;
    } else {
      result += text[at];
    }
  }
  return replace_all(result, "\r\n", "\n");
}

/// What a shell prints when it starts: its greeting, its prompt, and the echo of the line that made it quiet,
/// which is the last one, before the mark.
std::string without_greeting(std::string text) {
  const auto last = text.rfind('\n');
  text.erase(last == std::string::npos ? 0 : last + 1);
  std::string kept;
  for (const auto& line : split_lines(text))
    if (!line.empty() && !contains_text(line, "stty -echo") && !starts_with(line, "BusyBox v") &&
        !starts_with(line, "Enter 'help'"))
      kept += line + "\n";
  return kept;
}

}  // namespace

ShellDriver::ShellDriver(bool terminal) : terminal_{terminal} {
  Pipe commands = make_pipe();
  Pipe screen = terminal ? make_terminal() : make_pipe();
  pid_ = check(::fork(), "start a shell");
  if (pid_ == 0) become_shell(commands.read_end.get(), screen.write_end.get(), terminal);
  commands_ = std::move(commands.write_end);
  screen_ = std::move(screen.read_end);
  if (terminal) keyboard_ = std::move(screen.write_end);
}

ShellDriver::~ShellDriver() {
  if (gone_) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool ShellDriver::shell_is_gone(int& code) {
  int status = 0;
  if (gone_ || ::waitpid(pid_, &status, WNOHANG) != pid_) return gone_;
  gone_ = true;
  running_ = false;
  code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return true;
}

ShellDriver::Seen ShellDriver::read_until_mark(int seconds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{seconds};
  for (;;) {
    if (const auto from = unread_.find_first_of("\001\002"); from != std::string::npos) {
      const char mark = unread_[from];
      if (const auto to = unread_.find(mark, from + 1); to != std::string::npos) {
        Seen seen{unread_.substr(0, from), std::atoi(unread_.substr(from + 1, to - from - 1).c_str()), mark};
        unread_.erase(0, to + 1);
        return seen;
      }
    }
    int code = 0;
    const bool gone = shell_is_gone(code);
    pollfd ready{screen_.get(), POLLIN, 0};
    char buffer[4096];
    ssize_t size = 0;
    if (::poll(&ready, 1, gone ? 0 : 50) > 0) size = ::read(screen_.get(), buffer, sizeof buffer);
    if (size > 0 && unread_.size() < kMostOutput) unread_.append(buffer, static_cast<std::size_t>(size));
    if (size > 0) continue;
    if (gone) return {std::exchange(unread_, ""), code, '\001'};
    if (std::chrono::steady_clock::now() >= deadline) return {std::exchange(unread_, ""), 124, '\0'};
  }
}

void ShellDriver::send(const std::string& command) {
  const std::string text = command + '\0';
  write_all(commands_, text, "tell the shell a command");
}

/// What was typed to a command that has ended in the meantime must not reach the next one. Only the
/// terminal's own side can throw it away, which is why it is kept open.
void ShellDriver::forget_typed() {
  if (terminal_) ::tcflush(keyboard_.get(), TCIFLUSH);
}

void ShellDriver::type_text(const std::string& text) { write_all(screen_, text, "type a line"); }

StepResult ShellDriver::result_of(const Seen& seen) const {
  return {.output = terminal_ ? without_escapes(seen.text) : seen.text,
          .exit_code = seen.code,
          .timed_out = seen.mark == '\0'};
}

StepResult ShellDriver::run(const std::string& command, int seconds) {
  if (gone_) return {.output = "the shell has ended already\n", .exit_code = 125, .timed_out = false};
  forget_typed();
  send(command);
  return result_of(read_until_mark(seconds));
}

StepResult ShellDriver::start(const std::string& command, int seconds) {
  forget_typed();
  send(command);
  running_ = true;
  type_text(kQuiet);
  auto result = result_of(read_until_mark(seconds));
  running_ = !gone_ && unread_.find('\001') == std::string::npos;
  result.output = without_greeting(result.output);
  return result;
}

StepResult ShellDriver::type(const std::string& line, int seconds) {
  type_text(line + "\n" + kAskCode);
  const auto seen = read_until_mark(seconds);
  if (seen.mark == '\001') running_ = false;
  return result_of(seen);
}

void ShellDriver::finish(int seconds) {
  if (!running_) return;
  type_text("\004");
  while (running_) {
    const auto seen = read_until_mark(seconds);
    if (seen.mark != '\002') running_ = false;
  }
}

}  // namespace dockwright::workbook
