// What a Dockerfile says: instructions, flags, forms, continuations, heredocs, stages.

#include "chapters/11-dockerfile/syntax/dockerfile_error.hpp"
#include "chapters/11-dockerfile/syntax/flags.hpp"
#include "chapters/11-dockerfile/syntax/instruction.hpp"
#include "chapters/11-dockerfile/syntax/keywords.hpp"
#include "chapters/11-dockerfile/syntax/stages.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

using Words = std::vector<std::string>;

Dockerfile parse(const std::string& text) { return parse_dockerfile(text, "Dockerfile"); }

Instruction only(const std::string& text) {
  const Dockerfile file = parse(text);
  REQUIRE(file.instructions.size() == 1);
  return file.instructions.front();
}

struct Form {
  std::string text;
  Words words;
  bool json = false;
};

const std::vector<Form> kForms = {
    {"RUN pip3 install  -r x", {"pip3 install  -r x"}},
    {"run\tls", {"ls"}},
    {"RUN", {}},
    {R"(RUN ["ls", "-l", "a b"])", {"ls", "-l", "a b"}, true},
    {R"(RUN [ "ls" ] )", {"ls"}, true},
    {"RUN []", {}, true},
    {R"(RUN ["a\n\u00e4"])", {"a\n\xC3\xA4"}, true},
    {"RUN ['ls']", {"['ls']"}},
    {R"(RUN ["ls")", {R"(["ls")"}},
    {R"(RUN ["ls"] && x)", {R"(["ls"] && x)"}},
    {"RUN [ -e /x ]", {"[ -e /x ]"}},
    {"RUN # no comment", {"# no comment"}},
    {R"(CMD ["python3", "app.py"])", {"python3", "app.py"}, true},
    {"CMD python3 app.py", {"python3 app.py"}},
    {"CMD []", {}, true},
    {"ENTRYPOINT exec x", {"exec x"}},
    {"COPY a b/ c/", {"a", "b/", "c/"}},
    {R"(COPY "a b" c)", {"\"a", "b\"", "c"}},
    {R"(COPY ["a b", "c"])", {"a b", "c"}, true},
    {"ADD --chown=1 https://x/y /", {"https://x/y", "/"}},
    {"EXPOSE 80 443/udp", {"80", "443/udp"}},
    {"FROM debian:12", {"debian:12"}},
    {"FROM --platform=linux/amd64 debian aS Base-1.x_y", {"debian", "aS", "Base-1.x_y"}},
    {"VOLUME /a /b", {"/a", "/b"}},
    {R"(VOLUME ["/a b"])", {"/a b"}, true},
    {"USER root:root", {"root:root"}},
    {"WORKDIR /a b", {"/a b"}},
    {"STOPSIGNAL SIGINT", {"SIGINT"}},
    {"MAINTAINER A. B. <c@example.org>", {"A. B. <c@example.org>"}},
    {R"(SHELL ["/bin/bash", "-c"])", {"/bin/bash", "-c"}, true},
    {"HEALTHCHECK none", {"NONE"}},
    {"HEALTHCHECK --interval=5s cmd curl x", {"CMD", "curl x"}},
    {R"(HEALTHCHECK CMD ["curl", "x"])", {"CMD", "curl", "x"}, true},
};

struct Settings {
  std::string text;
  std::vector<Pair> pairs;
  bool old_form = false;
};

const std::vector<Settings> kSettings = {
    {"ENV A=1", {{"A", "1"}}},
    {R"(ENV A=1 B="2 3" C=4\ 5 D='x\y')", {{"A", "1"}, {"B", "\"2 3\""}, {"C", "4\\ 5"}, {"D", "'x\\y'"}}},
    {"ENV A=", {{"A", ""}}},
    {"ENV A=b=c", {{"A", "b=c"}}},
    {"ENV A one  value", {{"A", "one  value"}}, true},
    {"ENV A b=c", {{"A", "b=c"}}, true},
    {"ENV A\tb", {{"A", "b"}}, true},
    {R"(LABEL "a b"=c)", {{"\"a b\"", "c"}}},
    {"LABEL a b c", {{"a", "b c"}}, true},
    {"ARG A", {{"A", "", false}}},
    {"ARG A= B=2 C", {{"A", ""}, {"B", "2"}, {"C", "", false}}},
};

}  // namespace

TEST_CASE("each instruction has its arguments, as a list or as text", "[dockerfile]") {
  for (const Form& form : kForms) {
    CAPTURE(form.text);
    const Instruction one = only(form.text);
    CHECK(one.words == form.words);
    CHECK(one.json == form.json);
  }
}

TEST_CASE("ENV, LABEL and ARG have pairs, whose quotes are kept", "[dockerfile]") {
  for (const Settings& settings : kSettings) {
    CAPTURE(settings.text);
    const Instruction one = only(settings.text);
    CHECK(one.pairs == settings.pairs);
    CHECK(one.old_form == settings.old_form);
  }
}

TEST_CASE("every instruction is known, in large letters and small ones", "[dockerfile]") {
  CHECK(keyword_names().size() == 18);
  for (const std::string& name : keyword_names()) {
    CAPTURE(name);
    REQUIRE(find_keyword(name));
    CHECK(find_keyword(lower_case(name)) == find_keyword(name));
    CHECK(name_of(*find_keyword(name)) == name);
  }
  CHECK_FALSE(find_keyword("FORM"));
  CHECK_FALSE(find_keyword(""));
}

TEST_CASE("an instruction knows its lines, its text, and the comments above it", "[dockerfile]") {
  const Dockerfile file =
      parse("FROM debian\n\n# gone\n\n# a\n  # b\n  RUN x && \\\n  # not this\n    y\n\nCMD z");
  REQUIRE(file.instructions.size() == 3);
  const Instruction& run = file.instructions[1];
  CHECK(run.lines == Lines{7, 9});
  CHECK(run.original == "RUN x &&     y");
  CHECK(run.rest == "x &&     y");
  CHECK(run.comments == Words{"a", "b"});
  CHECK_FALSE(run.empty_continuation);
  CHECK(file.instructions[2].lines == Lines{11, 11});
  CHECK(file.lines.size() == 11);
}

TEST_CASE("a line goes on behind the escape character", "[dockerfile]") {
  CHECK(only("RUN a\\\nb").rest == "ab");
  CHECK(only("RUN a \\  \t\n\tb").rest == "a \tb");
  CHECK(only("RUN a \\\n\n\n  b").empty_continuation);
  CHECK(only("RUN a \\\n# x\n   # y\n  b").rest == "a   b");
  CHECK(only("RUN a \\").rest == "a");
  CHECK(only("\\\nRUN \\\na").rest == "a");
  // Two of them are one letter, and no continuation.
  CHECK(parse("RUN a \\\\\nRUN b").instructions.size() == 2);
  CHECK(only("# escape=`\nRUN a `\nb \\\\").rest == "a b \\\\");
}

TEST_CASE("the lines of Windows, and its mark in front, change nothing", "[dockerfile]") {
  const Dockerfile file = parse("\xEF\xBB\xBF# escape=`\r\nFROM a\r\nRUN b `\r\n  c\r\n");
  CHECK(file.directives.escape == '`');
  REQUIRE(file.instructions.size() == 2);
  CHECK(file.instructions[0].words == Words{"a"});
  CHECK(file.instructions[1].rest == "b   c");
  CHECK(file.lines[1] == "FROM a");
}

TEST_CASE("directives stand at the top, and nowhere else", "[dockerfile]") {
  const Directives all =
      parse("#syntax = docker/dockerfile:1 \n# Check=skip=all\n# ESCAPE=`\nFROM a").directives;
  CHECK(all == Directives{.syntax = "docker/dockerfile:1", .check = "skip=all", .escape = '`'});
  CHECK(parse("# hello\n# escape=`\nFROM a").directives == Directives{});
  CHECK(parse("\n# escape=`\nFROM a").directives == Directives{});
  CHECK(parse("# unknown=1\n# escape=`\nFROM a").directives == Directives{});
  CHECK(parse("FROM a\n# escape=`").directives == Directives{});
}

TEST_CASE("flags stand before the arguments", "[dockerfile]") {
  const auto flags = [](const std::string& text) { return only(text).flags; };
  using Flags = std::vector<Flag>;
  CHECK(flags("COPY --link --chown=1:2 --exclude=a --exclude=b x y") ==
        Flags{{"link", "", false}, {"chown", "1:2", true}, {"exclude", "a", true}, {"exclude", "b", true}});
  CHECK(flags("COPY --link=FALSE x y") == Flags{{"link", "FALSE", true}});
  CHECK(flags(R"(COPY --chown="a b" --chmod=u\ =x x y)") ==
        Flags{{"chown", "a b", true}, {"chmod", "u =x", true}});
  CHECK(flags("RUN --mount=type=ssh \\\n --mount=type=cache,target=/x y").size() == 2);
  CHECK(only("RUN --network=none -- --x").rest == "--x");
  CHECK(only("RUN x --mount=y").flags.empty());
}

TEST_CASE("a heredoc is what stands up to its name", "[dockerfile]") {
  const Instruction run = only("RUN <<A cat <<-\"B\" - 3<<C\none\nA\n\ttwo\n\tB\nC\n");
  REQUIRE(run.heredocs.size() == 3);
  CHECK(run.heredocs[0] == Heredoc{.name = "A", .body = "one\n"});
  CHECK(run.heredocs[1] == Heredoc{.name = "B", .expand = false, .strip_tabs = true, .body = "two\n"});
  CHECK(run.heredocs[2] == Heredoc{.name = "C"});
  CHECK(run.lines == Lines{1, 6});
  CHECK(run.rest == "<<A cat <<-\"B\" - 3<<C");
}

TEST_CASE("in a heredoc nothing is a comment, a continuation or an instruction", "[dockerfile]") {
  const Dockerfile file = parse("COPY <<'E' \\\n  /x\n# a\n\n\tb \\\nFROM c\n E\nE\nCMD d");
  REQUIRE(file.instructions.size() == 2);
  const Instruction& copy = file.instructions[0];
  REQUIRE(copy.heredocs.size() == 1);
  CHECK(copy.heredocs[0].body == "# a\n\n\tb \\\nFROM c\n E\n");
  CHECK_FALSE(copy.heredocs[0].expand);
  CHECK(copy.words == Words{"<<'E'", "/x"});
  CHECK(copy.lines == Lines{1, 8});
}

TEST_CASE("what only looks like a heredoc is none", "[dockerfile]") {
  CHECK(only("RUN echo \"<<A\"").heredocs.empty());
  CHECK(only("RUN cat <<<A").heredocs.empty());
  CHECK(only("RUN echo $((1<<2))").heredocs.empty());
  CHECK(only("RUN cat << A").heredocs.empty());
  CHECK(only(R"(RUN ["cat", "<<A"])").heredocs.empty());
  CHECK(only("CMD cat <<A").heredocs.empty());
}

TEST_CASE("ONBUILD keeps an instruction for later", "[dockerfile]") {
  const Instruction one = only("ONBUILD run --network=none <<A\nx\nA");
  CHECK(one.keyword == Keyword::onbuild);
  CHECK(one.rest == "run --network=none <<A\nx\nA");
  REQUIRE(one.heredocs.size() == 1);
  CHECK(one.heredocs[0].body == "x\n");
  const Instruction trigger = parse_instruction(one.rest, "ONBUILD");
  CHECK(trigger.heredocs == one.heredocs);
}

TEST_CASE("FROM begins a stage, which has a name and a number", "[dockerfile]") {
  const StageTexts texts =
      split_stages(parse("ARG V=1\nFROM a:$V AS One\nRUN x\nFROM b\nFROM One AS three\nCMD y"));
  REQUIRE(texts.stages.size() == 3);
  CHECK(texts.arguments.size() == 1);
  CHECK(texts.stages[0].name == "one");
  CHECK(texts.stages[0].base == "a:$V");
  CHECK(texts.stages[0].steps.size() == 1);
  CHECK(texts.stages[1].name.empty());
  CHECK(texts.find("ONE", 3) == 0U);
  CHECK(texts.find("1", 3) == 1U);
  CHECK_FALSE(texts.find("three", 2));
  CHECK_FALSE(texts.find("3", 3));
  CHECK_FALSE(texts.find("", 3));
}

TEST_CASE("the flags of an instruction are values", "[dockerfile]") {
  const Expansion shout = [](std::string_view text) { return upper_case(text); };
  const RunFlags run = run_flags(only("RUN --mount=type=ssh --network=none --security=insecure x"), shout);
  CHECK(run.mounts == Words{"TYPE=SSH"});
  CHECK(run.network == "none");
  CHECK(run.security == "insecure");

  const CopyFlags copy =
      copy_flags(only("COPY --from=b --chown=a --chmod=u+x --link --parents --exclude=*.o x y"), shout);
  CHECK(copy.from == "b");
  CHECK(copy.chown == "A");
  CHECK(copy.chmod == "U+X");
  CHECK(copy.link);
  CHECK(copy.parents);
  CHECK(copy.excludes == Words{"*.O"});
  const CopyFlags add =
      copy_flags(only("ADD --keep-git-dir --unpack=false --checksum=sha256:1 x y"), as_written);
  CHECK(add.keep_git_dir);
  CHECK(add.unpack == false);
  CHECK(add.checksum == "sha256:1");
  CHECK_FALSE(copy.unpack);

  CHECK(platform_flag(only("FROM --platform=$X a"), shout) == "$X");
  using namespace std::chrono_literals;
  const HealthFlags health =
      health_flags(only("HEALTHCHECK --interval=1h2m3.5s --timeout=1ms --start-period=0 --retries=3 CMD x"));
  CHECK(health.interval == 1h + 2min + 3500ms);
  CHECK(health.timeout == 1ms);
  CHECK(health.start_period == 0s);
  CHECK_FALSE(health.start_interval);
  CHECK(health.retries == 3);
}

TEST_CASE("the value of a flag that makes no sense is refused", "[dockerfile]") {
  CHECK_THROWS_WITH(run_flags(only("RUN --network=bridge x"), as_written),
                    Catch::Contains("default, none, host"));
  CHECK_THROWS_WITH(run_flags(only("RUN --security=x x"), as_written), Catch::Contains("sandbox, insecure"));
  CHECK_THROWS_WITH(run_flags(only("RUN --device=x x"), as_written),
                    Catch::Contains("Container Device Interface"));
  CHECK_THROWS_WITH(copy_flags(only("COPY --from=$x y z"), as_written),
                    Catch::Contains("not supported for --from"));
  for (const char* const bad : {"1", "1x", "-1s", "s", "1s2", "1e400h", "99999999999h"}) {
    CAPTURE(bad);
    CHECK_THROWS_WITH(health_flags(only("HEALTHCHECK --timeout=" + std::string{bad} + " CMD x")),
                      Catch::Contains("invalid duration"));
  }
  CHECK_THROWS_WITH(health_flags(only("HEALTHCHECK --interval=999us CMD x")),
                    Catch::Contains("less than 1ms"));
  CHECK_THROWS_WITH(health_flags(only("HEALTHCHECK --retries=-1 CMD x")), Catch::Contains("negative"));
  CHECK_THROWS_WITH(health_flags(only("HEALTHCHECK --retries=1.5 CMD x")),
                    Catch::Contains("no whole number"));
}
