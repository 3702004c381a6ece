#include "book/workbook/subprocess.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>

#include "common/check.hpp"
#include "common/pipe.hpp"

namespace dockwright::workbook {

namespace {

using Clock = std::chrono::steady_clock;

/// The input as a file of its own: no second process or poll is needed to feed a pipe while reading another.
UniqueFd input_file(const std::string& text) {
  if (text.empty()) return UniqueFd{check(::open("/dev/null", O_RDONLY | O_CLOEXEC), "open /dev/null")};
  UniqueFd file{check(::memfd_create("input", MFD_CLOEXEC), "make a file for the input")};
  write_all(file, text, "write the input");
  check(::lseek(file.get(), 0, SEEK_SET), "rewind the input");
  return file;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (auto& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> small_environment(const std::vector<std::string>& added) {
  std::vector<std::string> environment = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                          "TERM=xterm", "LC_ALL=C"};
  environment.insert(environment.end(), added.begin(), added.end());
  return environment;
}

/// The ends that the child writes to and reads from; -1: as ours.
struct Streams {
  int in = -1;
  int out = -1;
  int err = -1;
};

Streams streams_of(const RunOptions& options, int input, int out, int err) {
  if (options.terminal >= 0) return {.in = -1, .out = options.terminal, .err = options.terminal};
  switch (options.output) {
    case Output::mixed:
      return {.in = input, .out = out, .err = out};
    case Output::apart:
      return {.in = input, .out = out, .err = err};
    case Output::errors_shown:
      return {.in = input, .out = out, .err = -1};
  }
  return {};
}

void redirect(int from, int to) {
  if (from >= 0) check(::dup2(from, to), "redirect descriptor {}", to);
}

/// In the child: becomes the program, or tells why not and gives the exit code.
int become(const std::vector<std::string>& command, const RunOptions& options, const Streams& streams) try {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  redirect(streams.in, STDIN_FILENO);
  redirect(streams.out, STDOUT_FILENO);
  redirect(streams.err, STDERR_FILENO);
  auto words = command;
  const auto arguments = pointers(words);
  auto environment = small_environment(options.environment.value_or(std::vector<std::string>{}));
  const auto variables = pointers(environment);
  if (!options.directory.empty())
    check(::chdir(options.directory.c_str()), "enter {}", options.directory.string());
  if (options.prepare) options.prepare();
  redirect(options.planted, 9);
  ::execvpe(arguments[0], arguments.data(), options.environment ? variables.data() : environ);
  fmt::print(stderr, "cannot execute {}: {}\n", command[0], std::generic_category().message(errno));
  return 127;
} catch (const std::exception& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 125;
}

std::string all_that_is_there(const UniqueFd& fd) {
  std::string text;
  std::array<char, 65536> buffer;
  for (ssize_t size = 0; (size = retry([&] { return ::read(fd.get(), buffer.data(), buffer.size()); })) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(size));
  return text;
}

int left(Clock::time_point end) {
  const auto time = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
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

Child::Child(const std::vector<std::string>& command, const RunOptions& options) {
  Pipe out = make_pipe();
  Pipe err = make_pipe();
  const UniqueFd input = input_file(options.input);
  const auto streams = streams_of(options, input.get(), out.write_end.get(), err.write_end.get());
  std::fflush(stdout);  // what we have not written yet is not the child's to write
  process_.emplace(spawn({.speaker = "a program"}, [&] { return become(command, options, streams); }));
  out_ = std::move(out.read_end);
  err_ = std::move(err.read_end);
  for (const auto* fd : {&out_, &err_})
    check(::fcntl(fd->get(), F_SETFL, O_NONBLOCK), "make a pipe not wait");
}

bool Child::wait_for_output(int milliseconds) const {
  pollfd watched{.fd = out_.get(), .events = POLLIN, .revents = 0};
  return retry([&] { return ::poll(&watched, 1, milliseconds); }) > 0;
}

Finished Child::wait(int milliseconds) {
  Finished finished;
  const auto end = Clock::now() + std::chrono::milliseconds{milliseconds};
  while (true) {
    std::array<pollfd, 3> watched = {{{.fd = process_->pidfd().get(), .events = POLLIN, .revents = 0},
                                      {.fd = out_.get(), .events = POLLIN, .revents = 0},
                                      {.fd = err_.get(), .events = POLLIN, .revents = 0}}};
    const int ready =
        retry([&] { return ::poll(watched.data(), watched.size(), milliseconds < 0 ? -1 : left(end)); });
    finished.timed_out = ready == 0;
    take(out_, watched[1], finished.out);
    take(err_, watched[2], finished.err);
    if (watched[0].revents != 0 || finished.timed_out) break;
  }
  if (finished.timed_out) process_->signal(SIGKILL);
  finished.exit_code = process_->wait();
  process_.reset();
  if (out_) finished.out += all_that_is_there(out_);
  if (err_) finished.err += all_that_is_there(err_);
  return finished;
}

Finished run_program(const std::vector<std::string>& command, const RunOptions& options) {
  return Child{command, options}.wait(options.limit_milliseconds);
}

std::string read_to_end(int fd) {
  std::string text;
  char buffer[65536];
  for (;;) {
    const auto size = retry([&] { return ::read(fd, buffer, sizeof buffer); });
    if (size <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(size));
  }
}

void write_all(const UniqueFd& fd, std::string_view text, const char* attempt) {
  while (!text.empty()) {
    const auto size =
        check(retry([&] { return ::write(fd.get(), text.data(), text.size()); }), "{}", attempt);
    text.remove_prefix(static_cast<std::size_t>(size));
  }
}

}  // namespace dockwright::workbook
