#include "chapters/03-namespaces/init.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {  // the header of glibc 2.36 forgets to say so itself
#include <sys/pidfd.h>
}

#include <optional>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/pipe.hpp"
#include "common/sys.hpp"

namespace dockwright {

UniqueFd own_pidfd() {
  return UniqueFd{check_call("pidfd_open", ::pidfd_open(::getpid(), 0),
                             "open ourselves")};
}

//! [die_with_parent]
void die_with_parent(const UniqueFd& parent) {
  //! [ex3.4]
  because("a container whose stage is gone has nobody to answer to");
  sys::set_parent_death_signal(SIGKILL);
  //! [ex3.4]
  pollfd ended{.fd = parent.get(), .events = POLLIN, .revents = 0};
  if (check(::poll(&ended, 1, 0), "look whether the parent is there") !=
      0)
    throw Failure{"the stage ended while it set the container up"};
}
//! [die_with_parent]

namespace {

/// Standard input, output and error of the caller are the command's;
/// were process 1 to keep them, anybody in the container could open
/// them through /proc/1/fd. A pipe without a writer takes their place:
/// not every root has a /dev/null.
void let_go_of_terminal() {
  const Pipe nothing = make_pipe();
  for (int fd = 0; fd <= 2; ++fd) sys::dup2(nothing.read_end, fd);
}

//! [reap]
// Waits for whatever has ended: the command, or an orphan that was
// given to us. Gives the command's exit code once it is the one.
std::optional<int> reap(pid_t command) {
  std::optional<int> code;
  //! [ex3.3]
  siginfo_t end{};
  while (::waitid(P_ALL, 0, &end, WEXITED | WNOHANG) == 0 &&
         end.si_pid != 0) {
    if (end.si_pid == command)
      code = end.si_code == CLD_EXITED ? end.si_status
                                       : 128 + end.si_status;
    end.si_pid = 0;
  }
  //! [ex3.3]
  return code;
}
//! [reap]

}  // namespace

//! [run_as_init]
int run_as_init(const Signals& signals,
                const std::function<void()>& command,
                const std::function<void()>& let_go) {
  because(
      "process 1 forwards signals and reaps orphans: a job of its own");
  Process child = spawn({.speaker = "the command",
                         .hand_over_report = true,
                         .borrow_memory = true},
                        command);
  let_go_of_terminal();
  if (let_go) let_go();
  for (;;) {
    pollfd waiting{.fd = signals.descriptor().get(),
                   .events = POLLIN,
                   .revents = 0};
    check(retry([&] { return ::poll(&waiting, 1, -1); }), "wait");
    while (const auto signal = signals.next()) {
      if (signals.wants_forwarding(*signal))
        child.signal(static_cast<int>(signal->ssi_signo));
    }
    if (const auto code = reap(child.pid())) ::_exit(*code);
  }
}
//! [run_as_init]

}  // namespace dockwright
