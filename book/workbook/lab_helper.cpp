#include "book/workbook/lab_helper.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "common/check.hpp"
#include "common/pipe.hpp"

namespace dockwright::workbook {

namespace {

constexpr std::size_t kEnoughSaid = 1 << 18;

/// The kernel forgets the wish when a process gets more powers, as in a new user namespace: hence twice.
void die_with_parent(pid_t parent) {
  check(::prctl(PR_SET_PDEATHSIG, SIGKILL), "ask to die with the workbook");
  if (::getppid() != parent) ::_exit(125);  // it is dead already
}

[[noreturn]] void be_helper(const std::vector<std::string>& command, const std::vector<int>& descriptors,
                            const std::function<void()>& prepare, int output, pid_t parent) {
  die_with_parent(parent);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  check(::setsid() == -1 ? -1 : 0, "begin a session");
  if (prepare) prepare();
  die_with_parent(parent);
  const UniqueFd nothing{check(::open("/dev/null", O_RDONLY | O_CLOEXEC), "open /dev/null")};
  check(::dup2(nothing.get(), 0), "redirect the input");
  check(::dup2(output, 1), "redirect the output");
  check(::dup2(output, 2), "redirect the errors");
  for (const int fd : descriptors) check(::fcntl(fd, F_SETFD, 0), "hand over descriptor {}", fd);
  std::vector<char*> words;
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execvp(words[0], words.data());
  check(-1, "run {}", command[0]);
  ::_exit(127);
}

}  // namespace

Helper::Helper(const std::vector<std::string>& command, const std::vector<int>& descriptors,
               const std::function<void()>& prepare) {
  Pipe pipe = make_pipe();
  const pid_t parent = ::getpid();
  process_.emplace(spawn({.speaker = "a helper of the laboratory"}, [&]() -> int {
    be_helper(command, descriptors, prepare, pipe.write_end.get(), parent);
  }));
  process_->expect_started();
  output_ = std::move(pipe.read_end);
  check(::fcntl(output_.get(), F_SETFL, O_NONBLOCK), "make a pipe not wait");
}

void Helper::listen() {
  std::array<char, 65536> bytes{};
  while (output_) {
    const auto size = retry([&] { return ::read(output_.get(), bytes.data(), bytes.size()); });
    if (size == -1 && errno == EAGAIN) return;
    if (size <= 0) output_.reset();
    if (size > 0) said_.append(bytes.data(), static_cast<std::size_t>(size));
    if (said_.size() > kEnoughSaid) said_.erase(0, said_.size() - kEnoughSaid / 2);
  }
}

bool Helper::has_ended() const {
  pollfd watched{.fd = pidfd().get(), .events = POLLIN, .revents = 0};
  return ::poll(&watched, 1, 0) > 0;
}

void Helper::wait_for_end(int milliseconds) const {
  pollfd watched{.fd = pidfd().get(), .events = POLLIN, .revents = 0};
  ignore(retry([&] { return ::poll(&watched, 1, milliseconds); }), "who does not end in time is killed");
}

}  // namespace dockwright::workbook
