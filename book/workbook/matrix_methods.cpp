#include "book/workbook/matrix_methods.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "book/workbook/text.hpp"

namespace dockwright::workbook::matrix {

Answer trouble(const Finished& finished) {
  if (finished.timed_out) return {.word = "late", .trouble = "it did not end within 10 seconds"};
  const auto lines = split_lines(finished.err);
  return {.word = fmt::format("exit {}", finished.exit_code),
          .trouble = lines.empty() ? "it printed nothing" : std::string{trim(lines.front())}};
}

namespace {

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

Answer started(const Request& request) {
  const auto finished = run_program(request.line, request.options);
  if (finished.exit_code != 0) return trouble(finished);
  return {.word = "started"};
}

/// What the first run leaves in its root (probe.c: `changes`), the second one may find.
Answer answer_of_second_run(const Request& request) {
  const auto left = request.world.rootfs() / "left-by-a-probe";
  std::filesystem::remove(left);
  auto answer = answer_of_run(request);
  if (answer.trouble.empty()) answer = answer_of_run(request);
  std::filesystem::remove(left);
  return answer;
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
    if (!command_runs(request.runtime, request.world)) return {.word = "gone"};
    ::usleep(5000);
  }
  return {.word = "stays"};
}

}  // namespace

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
    case Method::changed:
      return changed_host(request);
    case Method::race:
      return race_for_a_link(request);
    case Method::started:
      return started(request);
    case Method::twice:
      return answer_of_second_run(request);
    case Method::sockets:
      return abstract_sockets(request);
  }
  throw std::logic_error("an unknown method");
}

}  // namespace dockwright::workbook::matrix
