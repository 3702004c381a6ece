#include "common/process.hpp"

#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <sys/single_threaded.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <csignal>
#include <string>
#include <string_view>

extern "C" {  // the header of glibc 2.36 forgets to say so itself
#include <sys/pidfd.h>
}

#include "common/check.hpp"
#include "common/errors.hpp"
#include "common/explain.hpp"
#include "common/flags.hpp"
#include "common/pipe.hpp"

namespace dockwright {

namespace {

/// What the child has to say when it fails: one write, which a pipe keeps in one piece up to PIPE_BUF bytes.
struct ChildFailure {
  int exit_code = 125;
  int size = 0;
  std::array<char, 4000> text{};
};
static_assert(std::is_trivially_copyable_v<ChildFailure> && sizeof(ChildFailure) <= PIPE_BUF);

// In a child: the pipe that reports to its parent. One per process, as the process has one beginning.
int own_report = -1;

[[noreturn]] void report_and_exit(int report, const std::exception& error) noexcept {
  ChildFailure failure;
  const std::string text = describe(error);
  failure.exit_code = exit_code_of(error);
  failure.size = static_cast<int>(std::min(text.size(), failure.text.size()));
  std::copy_n(text.begin(), failure.size, failure.text.begin());
  ignore(::write(report, &failure, sizeof failure), "a parent that is gone reads nothing");
  ::_exit(failure.exit_code);
}

[[noreturn]] void run_child(int report, const std::function<int()>& body) noexcept {
  own_report = report;
  try {
    ::_exit(body());  // never back into main: the parent's destructors and buffers are not ours to run
  } catch (const std::exception& error) {
    report_and_exit(report, error);
  }
}

/// What a child needs to know that begins on a stack of its own.
struct Borrower {
  int report;               ///< Where it reports to, or
  const UniqueFd& courier;  ///< whence it receives that descriptor.
  const std::function<int()>& body;
  std::string_view speaker;
};

int borrower_main(void* argument) {
  const auto& child = *static_cast<const Borrower*>(argument);
  explain::speaker(child.speaker);
  run_child(child.courier ? receive_descriptor(child.courier).release() : child.report, child.body);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMayBorrow = false;  // a sanitizer keeps books of its own about every stack
#else
constexpr bool kMayBorrow = true;
#endif

/// clone(2), and not clone3: a child on another stack of the same memory needs a few instructions that only
/// the C library's wrapper has. It copies the signal handlers; exec resets them. @man{clone,2} @man{vfork,2}
Process spawn_borrower(const SpawnOptions& options, const std::function<int()>& body, Pipe report) {
  static std::array<char, 262'144> stack;  // one is enough: we stand still while it is used
  constexpr int kFlags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD;
  // A report that is handed over must be the child's alone. Its end means "the program runs", and a copy of
  // ours would hold that back until we are woken: long enough for the program to ask somebody for a signal.
  SocketPair courier;
  if (options.hand_over_report) {
    courier = make_socket_pair();
    send_descriptor(courier.parent, report.write_end);
    report.write_end.reset();
  }
  narrate("clone", [&] {
    return explain::Call{"clone(CLONE_VM|CLONE_VFORK|CLONE_PIDFD|SIGCHLD)", "COMMAND &"};
  });
  Borrower child{report.write_end.get(), courier.child, body, options.speaker};
  const std::string_view before = explain::speaker(options.speaker);
  int pidfd = -1;
  const int pid = ::clone(borrower_main, stack.data() + stack.size(), kFlags, &child, &pidfd);
  explain::speaker(before);
  own_report = -1;
  check_call("clone", pid, "make {}", options.speaker);
  return Process{pid, UniqueFd{pidfd}, std::move(report.read_end)};
}

}  // namespace

Process detail::spawn_child(const SpawnOptions& options, const std::function<int()>& body) {
  // The copy has only the thread that calls clone3. Had another one held a lock, the lock would never be
  // freed.
  if (__libc_single_threaded == 0) throw Failure{"cannot clone a process that has several threads"};
  Pipe report = options.hand_over_report ? Pipe{{}, UniqueFd{std::exchange(own_report, -1)}} : make_pipe();
  if (kMayBorrow && options.borrow_memory) return spawn_borrower(options, body, std::move(report));
  int pidfd = -1;
  clone_args args{};
  args.flags = options.namespaces | CLONE_PIDFD | CLONE_CLEAR_SIGHAND;
  args.pidfd = reinterpret_cast<std::uint64_t>(&pidfd);
  args.exit_signal = SIGCHLD;
  if (options.cgroup >= 0) {
    args.flags |= CLONE_INTO_CGROUP;
    args.cgroup = static_cast<std::uint64_t>(options.cgroup);
  }
  narrate("clone3", [&] {
    return explain::Call{
        fmt::format("clone3({{.flags={}, .exit_signal=SIGCHLD{}}})", flags::clone(args.flags),
                    options.cgroup >= 0 ? fmt::format(", .cgroup={}", options.cgroup) : ""),
        options.namespaces != 0
            ? fmt::format("unshare {} COMMAND", flags::unshare_options(options.namespaces))
            : std::string{"COMMAND &"}};
  });
  const auto pid = static_cast<pid_t>(
      check_call("clone3", ::syscall(SYS_clone3, &args, sizeof args), "make {}", options.speaker));
  if (pid == 0) {
    explain::speaker(options.speaker);
    report.read_end.reset();
    run_child(report.write_end.get(), body);
  }
  return Process{pid, UniqueFd{pidfd}, std::move(report.read_end)};
}

Process::Process(pid_t pid, UniqueFd pidfd, UniqueFd report) noexcept
    : pid_{pid}, pidfd_{std::move(pidfd)}, report_{std::move(report)} {}

Process::Process(Process&& other) noexcept
    : pid_{other.pid_}, pidfd_{std::move(other.pidfd_)}, report_{std::move(other.report_)} {}

Process::~Process() {
  if (!pidfd_) return;
  ignore(::pidfd_send_signal(pidfd_.get(), SIGKILL, nullptr, 0), "it may have ended already");
  siginfo_t end{};
  ignore(retry([&] { return ::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &end, WEXITED); }),
         "a destructor has nobody to tell");
}

void Process::expect_started() {
  ChildFailure failure;
  const auto size = check_call("read", retry([&] { return ::read(report_.get(), &failure, sizeof failure); }),
                               "read the child's report");
  report_.reset();
  if (size == 0) return;
  throw Failure{std::string{failure.text.data(), static_cast<std::size_t>(failure.size)}, failure.exit_code};
}

void Process::signal(int number) const {
  narrate("pidfd_send_signal", [&] {
    return explain::Call{fmt::format("pidfd_send_signal({}, {})", pidfd_.get(), flags::signal(number)),
                         fmt::format("kill -{} {}", number, pid_)};
  });
  if (::pidfd_send_signal(pidfd_.get(), number, nullptr, 0) == -1 && errno != ESRCH)
    throw SystemCallError{"pidfd_send_signal", errno, fmt::format("send {}", flags::signal(number))};
}

int Process::wait() {
  narrate("waitid", [&] {
    return explain::Call{fmt::format("waitid(P_PIDFD, {}, WEXITED)", pidfd_.get()), "wait; echo $?"};
  });
  siginfo_t end{};
  check_call("waitid",
             retry([&] { return ::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &end, WEXITED); }),
             "wait for process {}", pid_);
  pidfd_.reset();
  return end.si_code == CLD_EXITED ? end.si_status : 128 + end.si_status;
}

}  // namespace dockwright
