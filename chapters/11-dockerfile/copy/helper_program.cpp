#include "chapters/11-dockerfile/copy/helper_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

#include "common/check.hpp"
#include "common/pipe.hpp"
#include "common/process.hpp"
#include "common/sys.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kMostWords = 64U << 10U;

/// We take signals from a descriptor and block them; it must not.
void unblock_signals() {
  sigset_t none;
  sigemptyset(&none);
  check_call("rt_sigprocmask",
             ::sigprocmask(SIG_SETMASK, &none, nullptr),
             "unblock signals");
}

/// Whether somebody has asked us to end: such signals wait for whoever
/// comes to read them.
bool is_to_end() {
  sigset_t waiting;
  sigemptyset(&waiting);
  ignore(::sigpending(&waiting), "cannot fail with this argument");
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGQUIT})
    if (::sigismember(&waiting, signal) == 1) return true;
  return false;
}

/// While it speaks. It is told to end when we are.
std::string read_words(const UniqueFd& from, const Process& program) {
  constexpr int kPauseMilliseconds = 200;
  std::string all;
  std::array<char, 4096> block{};
  for (;;) {
    pollfd waiting{.fd = from.get(), .events = POLLIN, .revents = 0};
    if (retry([&] {
          return ::poll(&waiting, 1, kPauseMilliseconds);
        }) == 0) {
      if (is_to_end()) program.signal(SIGTERM);
      continue;
    }
    const auto size = check_call(
        "read", retry([&] {
          return ::read(from.get(), block.data(), block.size());
        }),
        "read what a program says");
    if (size == 0) break;
    if (all.size() < kMostWords)
      all.append(block.data(), static_cast<std::size_t>(size));
  }
  while (!all.empty() && all.back() == '\n') all.pop_back();
  return all;
}

}  // namespace

std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  const char* const path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "/usr/bin:/bin" : path;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const std::string there =
        fmt::format("{}/{}", rest.substr(0, end), name);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (there.starts_with('/') && ::access(there.c_str(), X_OK) == 0)
      return there;
  }
  return {};
}

HelperResult run_helper_program(const HelperCall& call) {
  const std::string program = find_program(call.program);
  Pipe said = make_pipe();
  const UniqueFd nothing = sys::open("/dev/null", O_RDONLY);
  Process child = spawn({.speaker = "a helper"}, [&] {
    sys::dup2(nothing, STDIN_FILENO);
    sys::dup2(call.output == nullptr ? said.write_end : *call.output,
              STDOUT_FILENO);
    sys::dup2(said.write_end, STDERR_FILENO);
    unblock_signals();
    sys::execve(program, call.words, call.environment);
  });
  said.write_end.reset();
  child.expect_started();
  std::string words = read_words(said.read_end, child);
  return {child.wait(), std::move(words)};
}

}  // namespace dockwright
