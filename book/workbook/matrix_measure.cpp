#include "book/workbook/matrix_measure.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <cstdio>
#include <map>
#include <optional>

#include "book/workbook/matrix_lab.hpp"
#include "book/workbook/matrix_methods.hpp"
#include "book/workbook/matrix_scene.hpp"
#include "book/workbook/text.hpp"
#include "common/check.hpp"

namespace dockwright::workbook::matrix {

namespace {

std::vector<std::string> with_each(std::vector<std::string> words, const std::string& value) {
  for (auto& word : words) word = replace_all(word, "{each}", value);
  return words;
}

/// The row as it is tried once: nothing in braces is left.
struct Try {
  std::vector<std::string> options{};
  std::vector<std::string> arguments{};
  std::vector<std::string> setup{};
  Start start{};
};

Try filled_in(const World& world, const Runtime& runtime, const Probe& probe, const std::string& value) {
  const auto fill = [&](const std::vector<std::string>& words) {
    return world.fill_in(with_each(words, value));
  };
  const auto& start = probe.start;
  const auto starts = fill({start.volume, start.workdir, start.user, start.entry});
  return {.options = fill(probe.options_of(runtime.stage)),
          .arguments = fill(probe.arguments),
          .setup = with_each(probe.setup, value),
          .start = {.volume = starts[0], .workdir = starts[1], .user = starts[2], .entry = starts[3]}};
}

std::function<void()> one_after_the_other(std::function<void()> first, std::function<void()> second) {
  if (!first || !second) return first ? first : second;
  return [first = std::move(first), second = std::move(second)] {
    first();
    second();
  };
}

/// That nothing was started is an answer only where the row says what it counts as. It has a word of its own,
/// which no program prints. A stage that does not know an option has not refused anything.
Answer as_unstarted(const Probe& probe, Answer answer) {
  if (starts_with(answer.word, "exit ") && answer.trouble.find("unknown option") == std::string::npos &&
      probe.judge("unstarted") != Verdict::unclear)
    answer.word = "unstarted";
  return answer;
}

Answer try_once(const World& world, const Runtime& runtime, const Probe& probe, const Try& attempt,
                int starts) {
  std::optional<Scene> scene;
  if (!attempt.setup.empty()) scene.emplace(world, runtime, attempt.setup);
  const Runtime& started = scene ? scene->runtime() : runtime;
  const auto mounts = World::mounts();
  Request request{.world = world,
                  .runtime = started,
                  .line = command_line(started, world, attempt.options, attempt.arguments, attempt.start),
                  .options = for_measuring(started),
                  .scene = scene ? &*scene : nullptr,
                  .starts = starts};
  request.options.planted = world.held_open().get();
  request.options.environment = std::vector<std::string>{"HOST_PASSWORD=correct horse battery staple"};
  if (scene) request.options.prepare = one_after_the_other(request.options.prepare, scene->caller());
  const auto answer = as_unstarted(probe, ask(request, probe.method));
  end_all_but(world.sentinel());
  if (probe.method == Method::survivor || probe.method == Method::sockets || !answer.trouble.empty() ||
      probe.judge(answer.word) == Verdict::unclear)
    clean_up_after(started, world);
  World::unmount_new(mounts);
  world.drop_connections();
  return answer;
}

Measurement measure_here(const World& world, const Runtime& runtime, const Probe& probe, int starts) {
  auto values = probe.each;
  if (values.empty()) values.emplace_back();
  Measurement found;
  for (const auto& value : values) {
    const auto answer = try_once(world, runtime, probe, filled_in(world, runtime, probe, value), starts);
    found = {.verdict = probe.judge(answer.word), .answer = answer.word, .trouble = answer.trouble};
    if (!value.empty()) found.answer += fmt::format(" with {}", value);
    if (found.verdict != Verdict::green) break;  // one way in is enough
  }
  return found;
}

/// Whether this kernel is as new as `Linux 6.3`.
bool is_as_new_as(const std::string& version) {
  utsname system{};
  check(::uname(&system), "ask for the kernel's version");
  const auto number = [](const char* text, const char* format) {
    int major = 0, minor = 0;
    return std::sscanf(text, format, &major, &minor) == 2 ? major * 1000 + minor : 0;
  };
  return number(system.release, "%d.%d") >= number(version.c_str(), "Linux %d.%d");
}

/// Whether the machine can be attacked that way at all: what does not even work without a container, no
/// container has stopped.
bool kernel_has(const World& world, const Probe& probe) {
  static std::map<std::string, bool> known;
  if (probe.needs.empty()) return true;
  if (starts_with(probe.needs, "Linux ")) return is_as_new_as(probe.needs);
  const auto [entry, fresh] = known.try_emplace(probe.id, false);
  if (fresh) entry->second = measure_here(world, {.name = "bare"}, probe, 1).verdict == Verdict::red;
  return entry->second;
}

}  // namespace

Verdict declared(const Probe& probe, const Runtime& runtime) {
  if (starts_with(runtime.name, "privileged")) return probe.in_other("privileged");
  return runtime.kind == Runtime::Kind::stage ? probe.in_stage(runtime.stage) : probe.in_other(runtime.name);
}

Measurement measure(const World& world, const Runtime& runtime, const Probe& probe, int starts) {
  if (declared(probe, runtime) == Verdict::none) return {.verdict = Verdict::none, .answer = probe.reason};
  if (!kernel_has(world, probe))
    return {.verdict = Verdict::none, .answer = fmt::format("this kernel lacks: {}", probe.needs)};
  return measure_here(world, runtime, probe, starts);
}

}  // namespace dockwright::workbook::matrix
