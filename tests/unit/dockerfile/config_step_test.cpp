// What instructions do to a config, without a store or a container.

#include "chapters/11-dockerfile/config_step.hpp"

#include "chapters/11-dockerfile/run_words.hpp"
#include "common/check.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

Platform linux_amd64() { return Platform::parse("linux/amd64"); }

BuildArguments arguments_for(const Dockerfile& file, BuildSpec spec = {}) {
  std::vector<Instruction> globals;
  for (const Instruction& one : file.instructions) {
    if (one.keyword == Keyword::from) break;
    globals.push_back(one);
  }
  return {spec, linux_amd64(), file, globals};
}

/// What the lines behind FROM make of an empty image.
ImageState after(const std::string& lines, const BuildSpec& spec = {}) {
  const Dockerfile file = parse_dockerfile(lines, "Dockerfile");
  const BuildArguments arguments = arguments_for(file, spec);
  ImageState state;
  bool begun = false;
  for (const Instruction& one : file.instructions) {
    if (begun && !change_config(state, one, arguments, file.directives.escape))
      throw std::logic_error{one.original};
    begun = begun || one.keyword == Keyword::from;
  }
  return state;
}

RunConfig config_after(const std::string& lines) { return after("FROM x\n" + lines).config.config; }

std::string refusal(const std::string& lines) {
  try {
    static_cast<void>(config_after(lines));
  } catch (const Failure& failure) {
    return failure.what();
  }
  return "";
}

/// The step of the last instruction, a RUN.
RunStep step_after(const std::string& lines, const BuildSpec& spec = {}) {
  const Dockerfile file = parse_dockerfile("FROM x\n" + lines, "Dockerfile");
  const BuildArguments arguments = arguments_for(file, spec);
  ImageState state;
  for (const Instruction& one : file.instructions)
    if (one.keyword != Keyword::from && one.keyword != Keyword::run)
      CHECK(change_config(state, one, arguments, '\\'));
  return run_step_of(state, file.instructions.back(), arguments);
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("the variables of a line are those from before it", "[dockerfile]") {
  CHECK(config_after("ENV a=hello\nENV a=bye b=$a\nENV c=$a").env == Words{"a=bye", "b=hello", "c=bye"});
}

TEST_CASE("ENV wins over ARG, wherever it stands", "[dockerfile]") {
  CHECK(config_after("ARG a=arg\nLABEL l=$a\nENV a=env\nLABEL m=$a\nARG a=again\nLABEL n=$a").labels ==
        std::map<std::string, std::string>{{"l", "arg"}, {"m", "env"}, {"n", "env"}});
}

TEST_CASE("an argument's value is the given one, its own, the global one, the platform's", "[dockerfile]") {
  const std::string lines =
      "ARG g=global\nARG both=global\nFROM x\nARG g\nARG both=own\nARG given=own\nARG none\nARG TARGETARCH";
  CHECK(after(lines, {.build_args = {{"given", "G"}}}).arguments ==
        Variables{{"g", "global"}, {"both", "own"}, {"given", "G"}, {"TARGETARCH", "amd64"}});
  CHECK(after("FROM x\nLABEL l=${TARGETARCH-undeclared}").config.config.labels.at("l") == "undeclared");
}

TEST_CASE("what was given and is asked for nowhere is known", "[dockerfile]") {
  const Dockerfile file = parse_dockerfile("ARG g\nFROM x\nARG a", "Dockerfile");
  const BuildArguments arguments = arguments_for(
      file,
      {.build_args = {{"a", "1"}, {"b", "1"}, {"g", "1"}, {"http_proxy", "p"}, {"absent", std::nullopt}}});
  CHECK(arguments.unused({"a"}) == Words{"b"});
  CHECK(arguments.proxies() == Words{"http_proxy=p"});
}

TEST_CASE("ports are noted one by one, with their protocol", "[dockerfile]") {
  CHECK(config_after("ENV p=81/udp\nEXPOSE 80 $p 90-92 5/SCTP 80/tcp").exposed_ports ==
        std::set<std::string>{"80/tcp", "81/udp", "90/tcp", "91/tcp", "92/tcp", "5/sctp"});
  CHECK(contains(refusal("EXPOSE 0"), "a port is a number from 1 to 65535"));
  CHECK(contains(refusal("EXPOSE 80-"), "a port is a number"));
  CHECK(contains(refusal("EXPOSE 92-90"), "92-90"));
  CHECK(contains(refusal("EXPOSE 80/http"), "tcp, udp or sctp"));
}

TEST_CASE("a health check is a list, a line, or none", "[dockerfile]") {
  const auto line = config_after(
      "HEALTHCHECK --interval=1m30s --timeout=500ms --start-period=2s --start-interval=3s --retries=4 CMD a "
      "| b");
  CHECK(*line.healthcheck == Healthcheck{.test = {"CMD-SHELL", "a | b"},
                                         .interval = 90'000'000'000,
                                         .timeout = 500'000'000,
                                         .start_period = 2'000'000'000,
                                         .start_interval = 3'000'000'000,
                                         .retries = 4});
  CHECK(config_after("HEALTHCHECK CMD [\"a\", \"b\"]").healthcheck->test == Words{"CMD", "a", "b"});
  CHECK(config_after("HEALTHCHECK CMD a\nHEALTHCHECK NONE").healthcheck->test == Words{"NONE"});
}

TEST_CASE("CMD and ENTRYPOINT use the shell that SHELL names", "[dockerfile]") {
  CHECK(config_after("CMD a b").cmd == Words{"/bin/sh", "-c", "a b"});
  CHECK(config_after("SHELL [\"bash\", \"-c\"]\nCMD a b").cmd == Words{"bash", "-c", "a b"});
  CHECK(config_after("SHELL [\"bash\", \"-c\"]\nCMD [\"a\", \"b\"]").cmd == Words{"a", "b"});
  CHECK(config_after("CMD []").cmd.empty());
}

TEST_CASE("ENTRYPOINT takes away a CMD that it did not come with", "[dockerfile]") {
  CHECK(config_after("CMD [\"a\"]\nENTRYPOINT [\"e\"]").cmd == Words{"a"});
  ImageState state;
  state.config.config.cmd = {"of", "base"};
  const Dockerfile file = parse_dockerfile("FROM x\nENTRYPOINT [\"e\"]", "Dockerfile");
  CHECK(change_config(state, file.instructions[1], arguments_for(file), '\\'));
  CHECK(state.config.config.cmd.empty());
}

TEST_CASE("signals are numbers or names", "[dockerfile]") {
  for (const char* const known : {"9", "SIGTERM", "term", "SIGRTMIN+3", "64"})
    CHECK(config_after(std::string{"STOPSIGNAL "} + known).stop_signal == known);
  for (const char* const wrong : {"0", "65", "123", "SIGNOTHING", "-1"})
    CHECK(refusal(std::string{"STOPSIGNAL "} + wrong) == std::string{"Invalid signal: "} + wrong);
}

TEST_CASE("a directory continues the one before", "[dockerfile]") {
  ImageState state;
  const auto change = [&](const std::string& path) {
    const Dockerfile file = parse_dockerfile("FROM x\nWORKDIR " + path, "Dockerfile");
    change_workdir(state, file.instructions[1], '\\');
    return state.workdir();
  };
  CHECK(state.workdir() == "/");
  CHECK(change("a") == "/a");
  CHECK(change("b/c") == "/a/b/c");
  CHECK(change("../x/./") == "/a/b/x");
  CHECK(change("../../../..") == "/");
  CHECK(change("/d//") == "/d");
  set_variable_in(state.config.config.env, "E", "e");
  CHECK(change("$E") == "/d/e");
  CHECK_THROWS_AS(change("$NOTHING"), Failure);
}

TEST_CASE("every change of the config is a step of the history without a layer", "[dockerfile]") {
  const ImageState state = after(
      "FROM x\nENV a=b\nUSER 1\nVOLUME /a /b\nONBUILD RUN x\nEXPOSE 80\nCMD [\"a\\\"b\"]\nMAINTAINER me");
  std::vector<std::string> told;
  for (const History& step : state.config.history) {
    CHECK(step.empty_layer);
    CHECK(step.comment == "buildkit.dockerfile.v0");
    told.push_back(step.created_by);
  }
  CHECK(told == Words{"ENV a=b", "USER 1", "VOLUME [/a /b]", "ONBUILD RUN x", "EXPOSE map[80/tcp:{}]",
                      "CMD [\"a\\\"b\"]", "MAINTAINER me"});
  CHECK(state.config.author == "me");
}

TEST_CASE("a time is that of the newest file, or the one that was fixed", "[dockerfile]") {
  const BuiltLayer layer{.blob = {.digest = Digest::of("")}, .diff_id = Digest::of(""), .newest = 86'400};
  ImageState state{.newest = 3600};
  state.add_change("x");
  CHECK(state.config.created == "1970-01-01T01:00:00Z");
  state.add_layer(layer, "y");
  CHECK(state.config.created == "1970-01-02T00:00:00Z");
  CHECK_FALSE(state.config.history[1].empty_layer);
  state.epoch = 60;
  state.add_layer(layer, "z");
  CHECK(state.config.created == "1970-01-01T00:01:00Z");
}

TEST_CASE("RUN has a line for the shell, a list, or a script", "[dockerfile]") {
  CHECK(step_after("RUN a && b").command == Words{"/bin/sh", "-c", "a && b"});
  CHECK(step_after("RUN [\"a\", \"$b\"]").command == Words{"a", "$b"});
  CHECK(step_after("RUN <<E\none\ntwo\nE").command == Words{"/bin/sh", "-c", "one\ntwo\n"});
  CHECK(step_after("RUN cat <<A - <<B\na\nA\nb\nB").command ==
        Words{"/bin/sh", "-c", "cat <<A - <<B\na\nA\nb\nB"});
  const RunStep script = step_after("RUN <<E\n#!/bin/x\nbody\nE");
  CHECK(script.command == Words{"/dev/pipes/E"});
  REQUIRE(script.script);
  CHECK(script.script->text == "#!/bin/x\nbody\n");
}

TEST_CASE("RUN gets arguments and proxies, and the history tells of arguments", "[dockerfile]") {
  const BuildSpec spec{.build_args = {{"b", "2"}, {"NO_PROXY", "here"}}};
  const RunStep step = step_after("ARG b\nARG a=1\nARG none\nRUN x", spec);
  CHECK(step.environment == Words{"NO_PROXY=here", "a=1", "b=2"});
  ImageState state{.arguments = {{"a", "1"}, {"b", "2"}}};
  CHECK(run_history(state, step) == "RUN |2 a=1 b=2 /bin/sh -c x # buildkit");
  CHECK(run_history({}, step) == "RUN /bin/sh -c x # buildkit");
}
