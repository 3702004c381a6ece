// The command that was asked for: with pipes, so that output and errors stay apart, or on a terminal of its
// own. This process carries the bytes, and, being the first one, also buries every orphan.

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "book/workbook/lab/guest.hpp"
#include "common/check.hpp"

namespace dockwright::lab {

namespace {

constexpr std::size_t kEnoughInput = 1 << 16;

/// What we hold of the command's streams. On a terminal all are one.
struct Streams {
  UniqueFd input{};
  UniqueFd output{};
  UniqueFd errors{};
  bool terminal = false;
};

struct Ends {
  int input = -1;
  int output = -1;
  int errors = -1;
};

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (auto& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

void become_user() {
  check(::setgroups(0, nullptr), "give up root's groups");
  check(::setresgid(kReader, kReader, kReader), "become the user's group");
  check(::setresuid(kReader, kReader, kReader), "become the user");
}

/// A shell where there is no command: bash, if the machine has it. Without the caller's own start-up files:
/// they may start dozens of programs, each of which takes its time in a translated machine.
void ask_for_shell(Request& request) {
  const bool has_bash = ::access("/bin/bash", X_OK) == 0;
  if (has_bash) request.command = {"/bin/bash", "--norc"};
  if (!has_bash) request.command = {"/bin/sh"};
  request.environment.push_back(has_bash ? R"(PS1=\u@laboratory:\w\$ )" : "PS1=laboratory# ");
}

/// As systemd has it: the kernel's own 4,096 descriptors are too few for many a program.
void raise_limits() {
  const rlimit files{.rlim_cur = 1'024, .rlim_max = 524'288};
  check(::setrlimit(RLIMIT_NOFILE, &files), "raise the limit of descriptors");
}

void start_session(const Ends& ends, const Request& request, const std::string& group) {
  if (!group.empty()) write_whole(group + "/cgroup.procs", "0");
  check(::setsid() == -1 ? -1 : 0, "begin a session");
  if (request.terminal) check(::ioctl(ends.input, TIOCSCTTY, 0), "take the terminal");
  check(::dup2(ends.input, 0), "redirect the input");
  check(::dup2(ends.output, 1), "redirect the output");
  check(::dup2(ends.errors, 2), "redirect the errors");
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  raise_limits();
  if (request.as_user) become_user();
  check(::chdir(request.directory.c_str()), "enter {}", request.directory);
}

/// The child. It ends with 125 where it cannot be set up, 126 or 127 where there is no such program.
[[noreturn]] void be_command(const Ends& ends, const Request& request, const std::string& group) {
  try {
    start_session(ends, request, group);
  } catch (const std::exception& error) {
    fmt::print(stderr, "laboratory: {}\n", error.what());
    std::fflush(stderr);
    ::_exit(125);
  }
  auto words = request.command;
  auto environment = request.environment;
  const auto arguments = pointers(words), variables = pointers(environment);
  for (const auto& variable : request.environment)
    if (variable.compare(0, 5, "PATH=") == 0)
      ::setenv("PATH", variable.c_str() + 5, 1);  // execvpe searches ours
  ::execvpe(arguments[0], arguments.data(), variables.data());
  const int error = errno;
  fmt::print(stderr, "laboratory: {}: {}\n", words[0], std::generic_category().message(error));
  std::fflush(stderr);
  ::_exit(error == ENOENT ? 127 : 126);
}

pid_t start(const Ends& ends, const Request& request, const std::string& group) {
  const pid_t pid = check(::fork(), "make a child for the command");
  if (pid == 0) be_command(ends, request, group);
  return pid;
}

void set_window_size(const UniqueFd& terminal, unsigned rows, unsigned columns) {
  winsize size{};
  size.ws_row = static_cast<unsigned short>(rows);
  size.ws_col = static_cast<unsigned short>(columns);
  ignore(::ioctl(terminal.get(), TIOCSWINSZ, &size), "a program on a terminal of an odd size runs, too");
}

pid_t start_on_terminal(Streams& streams, const Request& request, const std::string& group) {
  streams.output = UniqueFd{check(::open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC), "open a terminal")};
  check(::unlockpt(streams.output.get()), "unlock the terminal");
  std::array<char, 64> name{};
  check(::ptsname_r(streams.output.get(), name.data(), name.size()) == 0 ? 0 : -1, "name the terminal");
  const UniqueFd side{check(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC), "open {}", name.data())};
  if (request.as_user) check(::fchown(side.get(), kReader, 5), "give the terminal to the user");
  set_window_size(streams.output, request.rows, request.columns);
  streams.input = UniqueFd{check(::fcntl(streams.output.get(), F_DUPFD_CLOEXEC, 3), "copy the terminal")};
  streams.terminal = true;
  return start({side.get(), side.get(), side.get()}, request, group);
}

pid_t start_on_pipes(Streams& streams, const Request& request, const std::string& group) {
  std::array<std::array<int, 2>, 3> pipes{};
  for (auto& pipe : pipes) {
    check(::pipe2(pipe.data(), O_CLOEXEC), "make a pipe");
    if (request.as_user)  // /dev/stdout must be openable
      for (const int end : pipe) check(::fchown(end, kReader, kReader), "give a pipe to the user");
  }
  const UniqueFd in{pipes[0][0]}, out{pipes[1][1]}, err{pipes[2][1]};
  streams.input.reset(pipes[0][1]);
  streams.output.reset(pipes[1][0]);
  streams.errors.reset(pipes[2][0]);
  return start({in.get(), out.get(), err.get()}, request, group);
}

/// Passes on what there is. False at its end.
bool carry(const UniqueFd& port, UniqueFd& from, FrameType type) {
  std::array<char, 65536> bytes{};
  const auto size = retry([&] { return ::read(from.get(), bytes.data(), bytes.size()); });
  if (size == -1 && errno == EAGAIN) return false;
  if (size <= 0) {  // a terminal answers EIO when its last user has gone
    from.reset();
    return false;
  }
  send(port, encode(type, {bytes.data(), static_cast<std::size_t>(size)}));
  return true;
}

/// One command being served.
class Session {
 public:
  Session(const UniqueFd& port, FrameReader& frames, Streams streams, pid_t pid)
      : port_{port}, frames_{frames}, streams_{std::move(streams)}, pid_{pid} {
    for (const auto* fd : {&streams_.input, &streams_.output, &streams_.errors})
      if (*fd) check(::fcntl(fd->get(), F_SETFL, O_NONBLOCK), "make a stream not wait");
  }

  /// Until the command ends. @returns its exit code
  int serve() {
    take_frames();
    while (!bury()) wait_and_carry();
    drain(streams_.output, FrameType::output);
    drain(streams_.errors, FrameType::errors);
    return code_;
  }

 private:
  /// Collects everything that has ended; true when the command is among it.
  bool bury() {
    int status = 0;
    for (pid_t ended = 0; (ended = ::waitpid(-1, &status, WNOHANG)) > 0;)
      if (ended == pid_) {
        code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        ended_ = true;
      }
    return ended_;
  }

  /// What the command has left in a stream. Its children may go on writing for ever, so there is an end to
  /// it.
  void drain(UniqueFd& from, FrameType type) {
    for (int part = 0; part < 32 && from && carry(port_, from, type); ++part) {
    }
  }

  void wait_and_carry() {
    const short port_events = unwritten_.size() < kEnoughInput ? POLLIN : 0;
    std::array<pollfd, 4> watched = {
        {{.fd = port_.get(), .events = port_events, .revents = 0},
         {.fd = streams_.output.get(), .events = POLLIN, .revents = 0},
         {.fd = streams_.errors.get(), .events = POLLIN, .revents = 0},
         {.fd = unwritten_.empty() ? -1 : streams_.input.get(), .events = POLLOUT, .revents = 0}}};
    sigset_t none;
    ::sigemptyset(&none);
    // SIGCHLD is let in only here, so an end cannot slip in between the look and the wait.
    if (::ppoll(watched.data(), watched.size(), nullptr, &none) <= 0) return;
    if (watched[0].revents != 0) read_port();
    if (watched[1].revents != 0) carry(port_, streams_.output, FrameType::output);
    if (watched[2].revents != 0) carry(port_, streams_.errors, FrameType::errors);
    if (watched[3].revents != 0) write_input();
  }

  void read_port() {
    std::array<char, 65536> bytes{};
    const auto size =
        check(retry([&] { return ::read(port_.get(), bytes.data(), bytes.size()); }), "read the port");
    if (size == 0) throw std::runtime_error("the workbook has gone");
    frames_.add({bytes.data(), static_cast<std::size_t>(size)});
    take_frames();
  }

  void take_frames() {
    while (const auto frame = frames_.next()) {
      if (frame->type == FrameType::input) unwritten_ += frame->payload;
      if (frame->type == FrameType::end_of_input) input_ends_ = true;
      if (frame->type == FrameType::window_size && streams_.terminal) {
        const auto [rows, columns] = decode_window_size(frame->payload);
        set_window_size(streams_.output, rows, columns);
      }
    }
    write_input();
  }

  void write_input() {
    if (streams_.input && !unwritten_.empty()) {
      const auto size =
          retry([&] { return ::write(streams_.input.get(), unwritten_.data(), unwritten_.size()); });
      if (size > 0) unwritten_.erase(0, static_cast<std::size_t>(size));
      if (size == -1 && errno != EAGAIN) streams_.input.reset();  // nobody reads any more
    }
    if (!streams_.input) unwritten_.clear();
    if (input_ends_ && unwritten_.empty()) streams_.input.reset();
  }

  const UniqueFd& port_;
  FrameReader& frames_;
  Streams streams_;
  pid_t pid_;
  std::string unwritten_{};
  bool input_ends_ = false;
  bool ended_ = false;
  int code_ = 125;
};

void note_child(int /*signal*/) {}

}  // namespace

void send(const UniqueFd& port, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto size = check(retry([&] { return ::write(port.get(), bytes.data(), bytes.size()); }),
                            "write to the workbook");
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
}

int run_session(const UniqueFd& port, FrameReader& frames, Request request, const std::string& group) {
  if (request.command.empty()) ask_for_shell(request);
  ::signal(SIGCHLD, note_child);
  sigset_t child;
  ::sigemptyset(&child);
  ::sigaddset(&child, SIGCHLD);
  Streams streams;
  // The command must not inherit the blocked signal: it starts before.
  const pid_t pid =
      request.terminal ? start_on_terminal(streams, request, group) : start_on_pipes(streams, request, group);
  check(::sigprocmask(SIG_BLOCK, &child, nullptr), "block SIGCHLD");
  return Session{port, frames, std::move(streams), pid}.serve();
}

}  // namespace dockwright::lab
