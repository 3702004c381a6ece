// Every one of the things that decide what a RUN makes changes its key; what does not decide, does not.

#include "chapters/12-build-cache/cache/run_inputs.hpp"
#include "chapters/12-build-cache/stages/stage_needs.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/temporary.hpp"

using namespace dockwright;

namespace {

/// What a RUN stands in, to be varied.
struct Varied {
  std::optional<Seconds> epoch{};
  ImageState state{};
  RunStep step{};
  std::vector<MountInput> mounts{};
};

Varied usual() {
  Varied varied;
  varied.state.config.platform = Platform::of_this_machine();
  varied.state.config.diff_ids = {Digest::of("one"), Digest::of("two")};
  varied.state.config.config.env = {"PATH=/bin", "LANG=C"};
  varied.state.config.config.user = "app";
  varied.state.config.config.working_dir = "/srv";
  varied.step.command = {"/bin/sh", "-c", "make"};
  varied.step.environment = {"VERSION=1"};
  return varied;
}

struct TestRoom {
  TemporaryDirectory directory{};
  Store store = Store::open({.root = directory.path() / "store", .durability = files::Durability::fleeting});
  RunningContainer home{store};
  Signals signals{};

  [[nodiscard]] Digest key(const Varied& varied) const {
    const BuildRoom room{
        .store = store, .home = home, .signals = signals, .run = nullptr, .epoch = varied.epoch};
    return inputs_of_run(room, varied.state, varied.step, varied.mounts).key();
  }
};

struct Variation {
  const char* what;
  void (*vary)(Varied& varied);
};

constexpr Variation kDecide[] = {
    {"another base",
     [](Varied& v) {
       v.state.config.diff_ids = {Digest::of("other"), Digest::of("two")};
     }},
    {"a layer more", [](Varied& v) { v.state.config.diff_ids.push_back(Digest::of("three")); }},
    {"another order of layers",
     [](Varied& v) { std::swap(v.state.config.diff_ids[0], v.state.config.diff_ids[1]); }},
    {"another command", [](Varied& v) { v.step.command.back() += " all"; }},
    {"another shell", [](Varied& v) { v.step.command.front() = "/bin/bash"; }},
    {"the same words, parted otherwise",
     [](Varied& v) {
       v.step.command = {"/bin/sh", "-c make"};
     }},
    {"a script", [](Varied& v) { v.step.script = StepScript{.path = "/s", .text = "true"}; }},
    {"an ARG's value", [](Varied& v) { v.step.environment = {"VERSION=2"}; }},
    {"an ARG more", [](Varied& v) { v.step.environment.emplace_back("X="); }},
    {"an ENV's value", [](Varied& v) { v.state.config.config.env[1] = "LANG=de"; }},
    {"an ENV less", [](Varied& v) { v.state.config.config.env.pop_back(); }},
    {"the user", [](Varied& v) { v.state.config.config.user = "root"; }},
    {"the directory", [](Varied& v) { v.state.config.config.working_dir = "/"; }},
    {"the network", [](Varied& v) { v.step.network = NetworkMode::none; }},
    {"the security", [](Varied& v) { v.step.privileged = true; }},
    {"a host", [](Varied& v) { v.step.add_hosts = {"a:1.2.3.4"}; }},
    {"the platform", [](Varied& v) { v.state.config.platform.architecture = "riscv64"; }},
    {"SOURCE_DATE_EPOCH", [](Varied& v) { v.epoch = 7; }},
    {"a volume", [](Varied& v) { v.step.mounts = {{.source = "/a", .target = "/b"}}; }},
    {"a mount", [](Varied& v) { v.mounts = {{.target = "/m", .words = "type=cache"}}; }},
    {"a mount's files",
     [](Varied& v) { v.mounts = {{.target = "/m", .words = "", .contents = Digest::of("a")}}; }},
    {"a mount's other files",
     [](Varied& v) { v.mounts = {{.target = "/m", .words = "", .contents = Digest::of("b")}}; }},
    {"a proxy that an ARG declares",
     [](Varied& v) {
       v.step.environment.emplace_back("HTTP_PROXY=a");
       v.state.arguments["HTTP_PROXY"] = "a";
     }},
};

constexpr Variation kDoNotDecide[] = {
    {"a label", [](Varied& v) { v.state.config.config.labels["a"] = "b"; }},
    {"CMD", [](Varied& v) { v.state.config.config.cmd = {"x"}; }},
    {"the time of the base", [](Varied& v) { v.state.newest = 99; }},
    {"when it was created", [](Varied& v) { v.state.config.created = "2020-01-01T00:00:00Z"; }},
    {"who made it", [](Varied& v) { v.state.config.author = "me"; }},
    {"its history", [](Varied& v) { v.state.config.history.push_back({.created_by = "RUN x"}); }},
    {"how its layers travel", [](Varied& v) { v.state.layers.push_back({.digest = Digest::of("packed")}); }},
    {"what the base is called", [](Varied& v) { v.state.base = Descriptor{.digest = Digest::of("index")}; }},
    {"a proxy", [](Varied& v) { v.step.environment.emplace_back("http_proxy=http://10.0.0.1"); }},
};

}  // namespace

TEST_CASE("all that decides what a RUN makes is in its key", "[cache][security]") {
  const TestRoom room;
  std::map<Digest, std::string> keys{{room.key(usual()), "the usual"}};
  for (const auto& [what, vary] : kDecide) {
    CAPTURE(what);
    Varied varied = usual();
    vary(varied);
    const auto [same, is_new] = keys.emplace(room.key(varied), what);
    CAPTURE(same->second);
    CHECK(is_new);
  }
}

TEST_CASE("times, names and what only describes the image are in no key", "[cache]") {
  const TestRoom room;
  for (const auto& [what, vary] : kDoNotDecide) {
    CAPTURE(what);
    Varied varied = usual();
    vary(varied);
    CHECK(room.key(varied) == room.key(usual()));
  }
}

TEST_CASE("what a stage needs is read off FROM, COPY and RUN --mount", "[stages]") {
  const Dockerfile file = parse_dockerfile(
      "ARG BASE=b\n"
      "FROM x AS b\nFROM x AS ctx\n"
      "FROM $BASE\n"
      "COPY --from=ctx /a /a\nCOPY --from=busybox /a /a\nCOPY c /c\n"
      "RUN --mount=type=bind,from=1,target=$T --mount=type=cache,target=/c make\n",
      "Dockerfile");
  const StageTexts texts = split_stages(file);
  const auto needs = [&](const IsContext& is_context) {
    return needs_of(
        texts, [](std::string_view name) { return std::optional<std::string>{name == "BASE" ? "b" : ""}; },
        '\\', is_context)[2];
  };
  const StageNeeds all = needs([](std::string_view) { return false; });
  CHECK(all.base == "b");
  CHECK(all.sources == std::vector<std::string>{"ctx", "busybox", "1"});
  const StageNeeds replaced = needs([](std::string_view name) { return name == "ctx" || name == "b"; });
  CHECK(replaced.base.empty());
  CHECK(replaced.sources == std::vector<std::string>{"busybox", "1"});
}
