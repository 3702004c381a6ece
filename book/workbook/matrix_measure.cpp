#include "book/workbook/matrix_measure.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "book/workbook/matrix_lab.hpp"
#include "book/workbook/subprocess.hpp"
#include "book/workbook/text.hpp"
#include "common/check.hpp"

namespace dockwright::workbook::matrix {

namespace {

/// One word for the answer, and what went wrong when there is none.
struct Answer {
  std::string word{};
  std::string trouble{};
};

struct Request {
  const World& world;
  const Runtime& runtime;
  std::vector<std::string> line;
  RunOptions options;
};

Answer trouble(const Finished& finished) {
  if (finished.timed_out) return {.word = "late", .trouble = "it did not end within 10 seconds"};
  const auto lines = split_lines(finished.err);
  return {.word = fmt::format("exit {}", finished.exit_code),
          .trouble = lines.empty() ? "it printed nothing" : std::string{trim(lines.front())}};
}

Answer answer_of_run(const Request& request) {
  const auto finished = run_program(request.line, request.options);
  // A limit that is kept by killing takes the probe along: that is an answer too.
  if (finished.exit_code == 137 && !finished.timed_out) return {.word = "bounded"};
  if (finished.exit_code != 0) return trouble(finished);
  return {.word = trim(finished.out)};
}

Answer hostname_after(const Request& request) {
  const auto before = World::hostname();
  const auto finished = run_program(request.line, request.options);
  const bool same = World::hostname() == before;
  World::restore_hostname();
  if (finished.exit_code != 0) return trouble(finished);
  return {.word = same ? "own" : "host"};
}

Answer mounts_after(const Request& request) {
  const auto before = World::mounts();
  const auto finished = run_program(request.line, request.options);
  const bool same = World::mounts() == before;
  World::unmount_new(before);
  if (finished.exit_code != 0) return trouble(finished);
  return {.word = same ? "same" : "changed"};
}

Answer survivor(const Request& request) {
  Child child{request.line, request.options};
  std::array<char, 6> said{};
  if (!child.wait_for_output(5000) || ::read(child.output().get(), said.data(), said.size()) <= 0) {
    child.kill();
    return {.word = "silent", .trouble = "the command did not start"};
  }
  child.kill();
  // Looked for by name: the end of its output tells nothing where the runtime stood in between (as runc
  // does).
  for (int waited = 0; waited < 300; waited += 5) {
    if (!command_runs(request.runtime)) return {.word = "gone"};
    ::usleep(5000);
  }
  return {.word = "stays"};
}

/// The leader of a new session, on a terminal of its own: runs the command there, then looks whether
/// something was typed. It must do the looking itself: when a leader ends, its terminal is hung up and what
/// was typed is gone.
[[noreturn]] void lead_session(const Request& request, const UniqueFd& terminal) {
  try {
    check(::setsid(), "begin a session");
    check(::ioctl(terminal.get(), TIOCSCTTY, 0), "take the terminal");
    check(::dup2(terminal.get(), 0), "read from the terminal");
    termios raw{};
    check(::tcgetattr(0, &raw), "ask for the terminal's settings");
    ::cfmakeraw(&raw);
    check(::tcsetattr(0, TCSANOW, &raw), "set the terminal");
    auto options = request.options;
    options.terminal = terminal.get();
    const auto finished = run_program(request.line, options);
    if (finished.exit_code != 0) ::_exit(finished.exit_code == 1 ? 125 : finished.exit_code);
    pollfd typed{.fd = 0, .events = POLLIN, .revents = 0};
    ::_exit(::poll(&typed, 1, 20) > 0 ? 1 : 0);
  } catch (const std::exception&) {
  }
  ::_exit(125);
}

Answer typed_into_terminal(const Request& request) {
  const UniqueFd master{check(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK), "make a terminal")};
  check(::grantpt(master.get()), "grant the terminal");
  check(::unlockpt(master.get()), "unlock the terminal");
  std::array<char, 64> name{};
  check(::ptsname_r(master.get(), name.data(), name.size()) == 0 ? 0 : -1, "name the terminal");
  const UniqueFd slave{check(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC), "open the terminal")};
  const pid_t leader = check(::fork(), "fork the leader of a session");
  if (leader == 0) lead_session(request, slave);
  int status = 0;
  check(retry([&] { return ::waitpid(leader, &status, 0); }), "collect the leader");
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 125;
  if (code == 0) return {.word = "apart"};
  if (code == 1) return {.word = "typed"};
  std::array<char, 256> shown{};
  const auto size = ::read(master.get(), shown.data(), shown.size());
  return {.word = fmt::format("exit {}", code),
          .trouble = trim({shown.data(), size > 0 ? static_cast<std::size_t>(size) : 0})};
}

Answer ask(const Request& request, Method method) {
  switch (method) {
    case Method::answer:
      return answer_of_run(request);
    case Method::survivor:
      return survivor(request);
    case Method::hostname:
      return hostname_after(request);
    case Method::mounts:
      return mounts_after(request);
    case Method::terminal:
      return typed_into_terminal(request);
  }
  throw std::logic_error("an unknown method");
}

}  // namespace

Verdict declared(const Probe& probe, const Runtime& runtime) {
  return runtime.kind == Runtime::Kind::stage ? probe.in_stage(runtime.stage) : probe.in_other(runtime.name);
}

Measurement measure(const World& world, const Runtime& runtime, const Probe& probe) {
  const auto mounts = World::mounts();
  Request request{
      .world = world,
      .runtime = runtime,
      .line = command_line(runtime, world, probe.options_of(runtime.stage), world.fill_in(probe.arguments)),
      .options = for_measuring(runtime)};
  request.options.planted = world.held_open().get();
  request.options.environment = std::vector<std::string>{"HOST_PASSWORD=correct horse battery staple"};
  const auto answer = ask(request, probe.method);
  end_all_but(world.sentinel());
  const auto verdict = probe.judge(answer.word);
  if (probe.method == Method::survivor || verdict == Verdict::unclear) clean_up_after(runtime, world);
  World::unmount_new(mounts);
  world.drop_connections();
  return {.verdict = verdict,
          .answer = answer.word,
          .trouble = verdict == Verdict::unclear ? answer.trouble : std::string{}};
}

}  // namespace dockwright::workbook::matrix
