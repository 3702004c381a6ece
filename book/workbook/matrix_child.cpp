#include "book/workbook/matrix_child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>

#include "common/check.hpp"
#include "common/pipe.hpp"

namespace dockwright::workbook {

namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (auto& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> environment_with(const std::vector<std::string>& added) {
  std::vector<std::string> environment = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm",
                                          "LC_ALL=C"};
  environment.insert(environment.end(), added.begin(), added.end());
  return environment;
}

[[noreturn]] void become(const std::vector<std::string>& command, const ChildOptions& options, int out, int err) {
  auto words = command;
  auto environment = environment_with(options.environment);
  const auto arguments = pointers(words);
  const auto variables = pointers(environment);
  try {
    if (options.terminal < 0) {
      const UniqueFd nothing{check(::open("/dev/null", O_RDONLY | O_CLOEXEC), "open /dev/null")};
      check(::dup2(nothing.get(), 0), "give the child no input");
    }
    check(::dup2(options.terminal < 0 ? out : options.terminal, 1), "catch the child's output");
    check(::dup2(options.terminal < 0 ? err : options.terminal, 2), "catch the child's errors");
    if (options.prepare) options.prepare();
    if (options.planted >= 0) check(::dup2(options.planted, 9), "plant a descriptor");
    ::execvpe(arguments[0], arguments.data(), variables.data());
    fmt::print(stderr, "cannot execute {}: {}\n", command[0], std::generic_category().message(errno));
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    std::fflush(stderr);
    ::_exit(125);
  }
  std::fflush(stderr);
  ::_exit(127);
}

std::string all_that_is_there(const UniqueFd& fd) {
  std::string text;
  std::array<char, 4096> buffer;
  for (ssize_t size = 0; (size = ::read(fd.get(), buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(size));
  return text;
}

int left(std::chrono::steady_clock::time_point end) {
  const auto time = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
  return time > 0 ? static_cast<int>(time) : 0;
}

/// Reads what there is; forgets a descriptor whose other end was closed.
void take(UniqueFd& fd, const pollfd& seen, std::string& text) {
  if (seen.revents == 0) return;
  const auto part = all_that_is_there(fd);
  text += part;
  if (part.empty() && (seen.revents & POLLHUP) != 0) fd.reset();
}

}  // namespace

Child::Child(const std::vector<std::string>& command, const ChildOptions& options) {
  Pipe out = make_pipe();
  Pipe err = make_pipe();
  std::fflush(stdout);
  pid_ = check(::fork(), "fork a child");
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    become(command, options, out.write_end.get(), err.write_end.get());
  }
  handle_ = UniqueFd{static_cast<int>(check(::syscall(SYS_pidfd_open, pid_, 0), "open a handle of the child"))};
  out_ = std::move(out.read_end);
  err_ = std::move(err.read_end);
  for (const auto* fd : {&out_, &err_}) check(::fcntl(fd->get(), F_SETFL, O_NONBLOCK), "make a pipe not wait");
}

Child::~Child() { kill(); }

void Child::kill() {
  if (pid_ < 0) return;
  ignore(::syscall(SYS_pidfd_send_signal, handle_.get(), SIGKILL, nullptr, 0), "it may have ended already");
  ignore(retry([&] { return ::waitpid(pid_, nullptr, 0); }), "collected, whatever it was");
  pid_ = -1;
}

bool Child::wait_for_output(int milliseconds) const {
  pollfd watched{.fd = out_.get(), .events = POLLIN, .revents = 0};
  return retry([&] { return ::poll(&watched, 1, milliseconds); }) > 0;
}

Finished Child::wait(int milliseconds) {
  Finished finished;
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds{milliseconds};
  while (true) {
    std::array<pollfd, 3> watched = {{{.fd = handle_.get(), .events = POLLIN, .revents = 0},
                                      {.fd = out_.get(), .events = POLLIN, .revents = 0},
                                      {.fd = err_.get(), .events = POLLIN, .revents = 0}}};
    const int ready = retry([&] { return ::poll(watched.data(), watched.size(), left(end)); });
    finished.timed_out = ready == 0;
    take(out_, watched[1], finished.out);
    take(err_, watched[2], finished.err);
    if (watched[0].revents != 0 || finished.timed_out) break;
  }
  if (finished.timed_out) ignore(::syscall(SYS_pidfd_send_signal, handle_.get(), SIGKILL, nullptr, 0), "as late as it is");
  int status = 0;
  check(retry([&] { return ::waitpid(pid_, &status, 0); }), "collect the child");
  pid_ = -1;
  if (out_) finished.out += all_that_is_there(out_);
  if (err_) finished.err += all_that_is_there(err_);
  finished.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return finished;
}

Finished run_child(const std::vector<std::string>& command, const ChildOptions& options, int milliseconds) {
  Child child{command, options};
  return child.wait(milliseconds);
}

}  // namespace dockwright::workbook
