#include "chapters/11-dockerfile/step_child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <optional>
#include <sstream>

#include "chapters/03-namespaces/init.hpp"
#include "chapters/08-layers/stream.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/files.hpp"
#include "common/pipe.hpp"
#include "common/process.hpp"
#include "common/sys.hpp"
#include "common/sys_file.hpp"

namespace dockwright {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kPatience{500};

/// A child that has become another user is not told of its parent's
/// end any more. This one watches for it: nobody reads `output` then.
Process guard(const UniqueFd& self, const UniqueFd& output) {
  return spawn({.speaker = "a guard"}, [&] {
    std::array<pollfd, 2> waiting{
        {{output.get(), 0, 0}, {self.get(), POLLIN, 0}}};
    while (retry([&] {
             return ::poll(waiting.data(), waiting.size(), -1);
           }) == 0) {
    }
    if ((waiting[0].revents & POLLERR) != 0)
      ignore(::syscall(SYS_pidfd_send_signal, self.get(), SIGKILL,
                       nullptr, 0),
             "it may have ended by itself");
  });
}

/// The processes that `parent` has started: the container's first.
std::vector<pid_t> children_of(pid_t parent) {
  const std::string path =
      fmt::format("/proc/{0}/task/{0}/children", parent);
  if (::access(path.c_str(), R_OK) != 0) return {};
  std::istringstream list{sys::read_file(path)};
  std::vector<pid_t> children;
  for (pid_t child = 0; list >> child;) children.push_back(child);
  return children;
}

bool ends_builds(int signal) {
  return signal == SIGTERM || signal == SIGINT || signal == SIGHUP ||
         signal == SIGQUIT;
}

class Step {
 public:
  Step(Process& child, UniqueFd printed, const StepOutput& output)
      : child_{child}, printed_{std::move(printed)}, output_{output} {
    check(::fcntl(printed_.get(), F_SETFL, O_NONBLOCK),
          "read as much as there is");
  }

  /// Until it has ended. Who has asked it to end waits no longer than
  /// need be.
  void watch(const Signals& signals) {
    for (;;) {
      std::array<pollfd, 3> waiting{
          {{printed_ ? printed_.get() : -1, POLLIN, 0},
           {signals.descriptor().get(), POLLIN, 0},
           {child_.pidfd().get(), POLLIN, 0}}};
      check(retry([&] {
              return ::poll(waiting.data(), waiting.size(),
                            milliseconds_left());
            }),
            "wait for a step");
      if (waiting[0].revents != 0) pass_on();
      if (waiting[1].revents != 0) take(signals);
      if (waiting[2].revents != 0) break;
      if (interrupted_ && Clock::now() >= deadline_) insist();
    }
    while (printed_ && pass_on()) {
    }
    if (interrupted_) {
      ignore(child_.wait(), "it was told to end");
      throw Interrupted{interrupted_};
    }
  }

 private:
  [[nodiscard]] int milliseconds_left() const {
    if (interrupted_ == 0) return -1;
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline_ - Clock::now());
    return std::max(0, static_cast<int>(left.count()) + 1);
  }

  /// False when there is no more for now.
  bool pass_on() {
    std::array<char, 65536> bytes;
    const auto size = retry([&] {
      return ::read(printed_.get(), bytes.data(), bytes.size());
    });
    if (size > 0 && output_)
      output_({bytes.data(), static_cast<std::size_t>(size)});
    if (size == 0) printed_.reset();
    return size > 0;
  }

  void take(const Signals& signals) {
    while (const auto signal = signals.next()) {
      const int number = static_cast<int>(signal->ssi_signo);
      if (!ends_builds(number) || interrupted_ != 0) continue;
      interrupted_ = number;
      deadline_ = Clock::now() + kPatience;
      child_.signal(SIGTERM);
    }
  }

  /// First what it runs, so that it can tidy up; then itself.
  void insist() {
    deadline_ = Clock::now() + kPatience;
    if (std::exchange(insisted_, true)) return child_.signal(SIGKILL);
    for (const pid_t grandchild : children_of(child_.pid()))
      ignore(::kill(grandchild, SIGKILL), "it may have ended");
  }

  Process& child_;
  UniqueFd printed_;
  const StepOutput& output_;
  int interrupted_ = 0;
  bool insisted_ = false;
  Clock::time_point deadline_{};
};

}  // namespace

std::string in_child(const Signals& signals,
                     const std::function<std::string()>& body,
                     const StepOutput& output) {
  Pipe printed = make_pipe();
  Pipe answer = make_pipe();
  const UniqueFd builder = own_pidfd();
  because("what a step mounts and becomes goes away with its process");
  Process child = spawn({.speaker = "the step"}, [&] {
    printed.read_end.reset();
    answer.read_end.reset();
    signals.release();
    die_with_parent(builder);
    std::optional<Process> watching;
    const UniqueFd self = own_pidfd();
    if (::geteuid() != 0)
      watching.emplace(guard(self, printed.write_end));
    if (output) {
      sys::dup2(printed.write_end, STDOUT_FILENO);
      sys::dup2(printed.write_end, STDERR_FILENO);
    }
    files::write_all(answer.write_end, body(), "the step's answer");
  });
  printed.write_end.reset();
  answer.write_end.reset();
  Step{child, std::move(printed.read_end), output}.watch(signals);
  child.expect_started();  // it starts nothing: this tells what failed
  if (const int code = child.wait(); code != 0)
    throw Failure{fmt::format("a step's process ended with {}", code)};
  FileSource text{std::move(answer.read_end), "the step's answer"};
  return std::string{text.next()};
}

}  // namespace dockwright
