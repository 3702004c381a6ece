// Stages in processes of their own: each begins when what it needs is there, and what they tell arrives
// whole.

#include "chapters/12-build-cache/stages/stage_workers.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <set>
#include <thread>

#include "chapters/11-dockerfile/follow.hpp"
#include "common/check.hpp"
#include "common/files.hpp"
#include "common/pipe.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/temporary.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

class Heard : public BuildEvents {
 public:
  void tell(const BuildEvent& event) override { events.push_back(event); }
  [[nodiscard]] std::string output_of(const std::string& name) const {
    std::string text;
    StepId step = 0;
    for (const BuildEvent& event : events) {
      if (event.kind == BuildEvent::Kind::started && event.text == name) step = event.step;
      if (event.kind == BuildEvent::Kind::output && event.step == step) text += event.text;
    }
    return text;
  }
  std::vector<BuildEvent> events{};
};

/// Waits until another process has made this file. False: it did not.
bool wait_for(const fs::path& path) {
  for (int i = 0; i < 500; ++i) {
    if (fs::exists(path)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  return false;
}

void make_file(const fs::path& path) { UniqueFd{::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)}; }

ImageState named_state(const std::string& author) {
  ImageState state;
  state.config.author = author;
  state.config.platform = Platform::of_this_machine();
  return state;
}

}  // namespace

TEST_CASE("a message arrives whole, however it is cut", "[stages]") {
  const Digest digest = Digest::of("x");
  ImageState state = named_state("me");
  state.config.platform = Platform::of_this_machine();
  state.config.diff_ids = {digest};
  state.config.config.env = {"PATH=/bin"};
  state.layers = {{.media_type = "type", .digest = digest, .size = 7}};
  state.arguments = {{"A", "1"}, {"B", ""}};
  state.newest = -5;
  state.base = state.layers.front();
  state.epoch = 8;
  state.own_cmd = true;
  CacheRecord record{.step = "RUN x"};
  record.inputs.add("a", "b");
  const std::vector<StageMessage> all{
      BuildEvent{.kind = BuildEvent::Kind::output, .step = 2, .text = std::string{"\0\xff\n", 3}},
      BuildEvent{.kind = BuildEvent::Kind::cached, .step = 3},
      StageFailure{.signal = 9, .lines = {3, 4}, .text = "why"}};
  Pipe pipe = make_pipe();
  for (const StageMessage& message : all) send_message(pipe.write_end, message);
  send_message(pipe.write_end, record);
  send_message(pipe.write_end, state);
  pipe.write_end.reset();
  StageReader reader;
  std::vector<StageMessage> heard;
  char byte = 0;
  while (::read(pipe.read_end.get(), &byte, 1) == 1) {
    reader.add({&byte, 1});
    while (auto message = reader.next()) heard.push_back(std::move(*message));
  }
  REQUIRE(heard.size() == 5);
  CHECK(std::get<BuildEvent>(heard[0]) == std::get<BuildEvent>(all[0]));
  CHECK(std::get<BuildEvent>(heard[1]) == std::get<BuildEvent>(all[1]));
  CHECK(std::get<StageFailure>(heard[2]) == std::get<StageFailure>(all[2]));
  const auto& made = std::get<ImageState>(heard[4]);
  CHECK(std::get<CacheRecord>(heard[3]) == record);
  CHECK(made.epoch == state.epoch);
  CHECK(made.own_cmd);
  CHECK(made.config == state.config);
  CHECK(made.layers == state.layers);
  CHECK(made.arguments == state.arguments);
  CHECK(made.newest == state.newest);
  CHECK(made.base == state.base);
}

TEST_CASE("a stage begins with what it needs, and independent ones run at once", "[stages]") {
  const TemporaryDirectory room;
  const StageGraph graph{{{.name = "a", .base = "i"},
                          {.name = "b", .base = "i"},
                          {.name = "unneeded", .base = "i"},
                          {.base = "a", .sources = {"b"}}}};
  Heard heard;
  const Signals signals;
  StageWorkers workers{graph, heard, signals, 4};
  const auto made =
      workers.make(3, [&](std::size_t stage, const MadeStages& before, const StageTelling& telling) {
        BuildEvents& events = telling.events;
        const std::string name = fmt::format("stage {}", stage);
        events.started(1, name);
        // Each waits for the other: they can only both end if both run.
        make_file(room.path() / name);
        if (stage < 2 && !wait_for(room.path() / fmt::format("stage {}", 1 - stage)))
          throw Failure{"the other one did not begin"};
        std::string has = "has";
        for (const auto& [number, state] : before) has += " " + state.config.author;
        events.output(1, has);
        events.finished(1);
        return named_state(name);
      });
  CHECK(made.size() == 3);
  CHECK(made.at(3).config.author == "stage 3");
  CHECK(heard.output_of("stage 3") == "has stage 0 stage 1");
  CHECK_FALSE(fs::exists(room.path() / "stage 2"));
  std::set<StepId> steps;
  for (const BuildEvent& event : heard.events) steps.insert(event.step);
  CHECK(steps == std::set<StepId>{5, 6, 7});
}

TEST_CASE("a failure ends the others, and comes back in its own words", "[stages]") {
  const TemporaryDirectory room;
  const StageGraph graph{
      {{.name = "a", .base = "i"}, {.name = "b", .base = "i"}, {.base = "a", .sources = {"b"}}}};
  Heard heard;
  const Signals signals;
  StageWorkers workers{graph, heard, signals};
  const auto began = std::chrono::steady_clock::now();
  std::string what;
  try {
    (void)workers.make(2, [&](std::size_t stage, const MadeStages&, const StageTelling&) -> ImageState {
      if (stage == 1) {
        make_file(room.path() / "b");
        sigset_t term;
        sigemptyset(&term);
        sigaddset(&term, SIGTERM);
        int number = 0;
        ::sigwait(&term, &number);
        make_file(room.path() / "b was told to end");
        throw Failure{"interrupted"};
      }
      wait_for(room.path() / "b");
      throw BuildFailed{"no such file", {3, 4}};
    });
  } catch (const BuildFailed& failure) {
    what = failure.what();
    CHECK(failure.lines() == Lines{3, 4});
  }
  CHECK(what == "no such file");
  CHECK(fs::exists(room.path() / "b was told to end"));
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds{4});
}

TEST_CASE("a worker that is killed is missed", "[stages]") {
  const StageGraph graph{{{.base = "i"}}};
  Heard heard;
  const Signals signals;
  StageWorkers workers{graph, heard, signals};
  try {
    (void)workers.make(0, [](std::size_t, const MadeStages&, const StageTelling&) -> ImageState {
      ignore(::raise(SIGKILL), "it ends here");
      return {};
    });
    FAIL("it was not missed");
  } catch (const Failure& failure) {
    CHECK(std::string{failure.what()} == "a stage ended without a word (137)");
  }
}
