#include "chapters/01-process/signals.hpp"

#include <unistd.h>

#include <array>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/flags.hpp"

namespace dockwright {

namespace {

constexpr std::array kForwarded = {SIGTERM, SIGINT,  SIGHUP,  SIGQUIT,
                                   SIGUSR1, SIGUSR2, SIGWINCH};

}  // namespace

Signals::Signals(Terminal terminal) : terminal_{terminal} {
  because("signals for us are meant for the program that we run");
  sigset_t held;
  sigemptyset(&held);
  for (const int signal : kForwarded) sigaddset(&held, signal);
  sigaddset(&held, SIGCHLD);
  narrate("rt_sigprocmask", [] {
    return explain::Call{
        "rt_sigprocmask(SIG_BLOCK, [TERM INT HUP QUIT USR1 USR2 WINCH "
        "CHLD])"};
  });
  check_call("rt_sigprocmask",
             ::sigprocmask(SIG_BLOCK, &held, &before_),
             "hold signals back");
  narrate("signalfd", [] {
    return explain::Call{
        "signalfd(-1, [the same], SFD_CLOEXEC|SFD_NONBLOCK)"};
  });
  descriptor_ = UniqueFd{check_call(
      "signalfd", ::signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK),
      "make a descriptor for signals")};
}

Signals::~Signals() {
  ignore(::sigprocmask(SIG_SETMASK, &before_, nullptr),
         "cannot fail with these arguments");
}

std::optional<signalfd_siginfo> Signals::next() const {
  signalfd_siginfo signal{};
  const auto size = retry([&] {
    return ::read(descriptor_.get(), &signal, sizeof signal);
  });
  if (size == sizeof signal) return signal;
  if (size == -1 && errno != EAGAIN) check(size, "read a signal");
  return std::nullopt;
}

//! [wants_forwarding]
bool Signals::wants_forwarding(
    const signalfd_siginfo& signal) const noexcept {
  if (signal.ssi_signo == SIGCHLD) return false;
  const bool from_terminal = signal.ssi_code == SI_KERNEL;
  return !(from_terminal && terminal_ == Terminal::shared);
}
//! [wants_forwarding]

void Signals::release() const {
  because("a program begins with no signal blocked and none ignored");
  for (const int signal : kForwarded) ::signal(signal, SIG_DFL);
  ::signal(SIGPIPE, SIG_DFL);  // Python, for one, ignores it
  narrate("rt_sigprocmask", [] {
    return explain::Call{"rt_sigprocmask(SIG_SETMASK, [])"};
  });
  sigset_t none;
  sigemptyset(&none);
  check_call("rt_sigprocmask",
             ::sigprocmask(SIG_SETMASK, &none, nullptr),
             "let signals through");
}

namespace {

void handle_signals(const Process& container, const Signals& signals,
                    const SuperviseOptions& options, bool started) {
  while (const auto signal = signals.next()) {
    const int number = static_cast<int>(signal->ssi_signo);
    if (number == SIGCHLD) continue;
    if (number == SIGWINCH && options.window_changed) {
      options.window_changed();
      continue;
    }
    if (!started && number != SIGWINCH)
      throw Failure{
          fmt::format(
              "{} came before the command was started: nothing was run",
              flags::signal(number)),
          128 + number};
    //! [ex1.3]
    if (signals.wants_forwarding(*signal)) container.signal(number);
    //! [ex1.3]
  }
}

}  // namespace

//! [supervise]
int supervise(Process& container, const Signals& signals,
              const SuperviseOptions& options) {
  bool started = false;
  for (;;) {
    const std::vector<Watch> watches =
        options.watches ? options.watches() : std::vector<Watch>{};
    std::vector<pollfd> waiting = {
        {signals.descriptor().get(), POLLIN, 0},
        {container.pidfd().get(), POLLIN, 0},
        {container.report().get(), POLLIN, 0}};
    for (const Watch& watch : watches)
      waiting.push_back({watch.descriptor, watch.events, 0});
    check(retry([&] {
            return ::poll(waiting.data(), waiting.size(), -1);
          }),
          "wait");

    if (waiting[2].revents !=
        0) {  // its program runs, or it says why not
      container.expect_started();
      started = true;
      continue;
    }
    if (waiting[0].revents != 0)
      handle_signals(container, signals, options, started);
    for (std::size_t i = 0; i < watches.size(); ++i)
      if (waiting[3 + i].revents != 0) watches[i].ready();
    if (waiting[1].revents != 0) return container.wait();
  }
}
//! [supervise]

}  // namespace dockwright
