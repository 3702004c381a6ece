#include "book/workbook/transcript.hpp"

#include "tests/unit/catch.hpp"
#include "tests/unit/workbook/small_project.hpp"

using namespace dockwright::workbook;

namespace {

constexpr const char* kText =
    "stage: 02\n"
    "needs: root\n"
    "---\n"
    "$ stage02 run \\\n"
    "> ls /\n"
    "bin\n"
    "? 3\n"
    "box# id\n"
    "host$ ps\n";

Transcript parse(const std::string& text) { return parse_transcript("hello.t", "02/hello", text); }

}  // namespace

TEST_CASE("a transcript is read and written without a loss", "[workbook]") {
  const auto transcript = parse(kText);
  REQUIRE(transcript.steps.size() == 3);
  CHECK(transcript.steps[0].command == "stage02 run \\\nls /");
  CHECK(transcript.steps[0].exit_code == 3);
  CHECK(transcript.steps[1].where == Step::Where::box);
  CHECK(transcript.needs == std::vector<std::string>{"root"});
  CHECK(print_transcript(transcript) == kText);
}

TEST_CASE("a heredoc of the shell goes on to its end, and what begins like it below is output",
          "[workbook]") {
  const std::string text =
      "stage: 11\n---\n$ cat > Dockerfile <<'end'\n> FROM box\n> RUN <<x\n> end\n> not typed\n";
  const auto transcript = parse(text);
  REQUIRE(transcript.steps.size() == 1);
  CHECK(transcript.steps[0].command == "cat > Dockerfile <<'end'\nFROM box\nRUN <<x\nend");
  CHECK(transcript.steps[0].output == std::vector<std::string>{"> not typed"});
  CHECK(print_transcript(transcript) == text);
  CHECK(parse("stage: 11\n---\n$ cat <<< x\n> x\n").steps[0].output.size() == 1);
}

TEST_CASE("each mistake in a transcript is told with file and line", "[workbook]") {
  CHECK(contains(small::message_of([] { parse("stage: 02\nneeds: luck\n---\n$ ls\n"); }),
                 "hello.t:2: unknown need 'luck'"));
  CHECK(contains(small::message_of([] { parse("stage: 02\nstyle: 1\n---\n$ ls\n"); }),
                 "hello.t:2: unknown key 'style'"));
  CHECK(contains(small::message_of([] { parse("stage: 02\n$ ls\n"); }), "hello.t:2: "));
  CHECK(contains(small::message_of([] { parse("stage: 02\n---\nbin\n"); }),
                 "hello.t:3: the first line after the header"));
  CHECK(contains(small::message_of([] { parse("stage: 02\n---\n$ ls\n? x\n"); }),
                 "hello.t:4: 'x' is not a number"));
  CHECK(contains(small::message_of([] { parse("---\n$ ls\n"); }), "no `stage:`"));
}

TEST_CASE("the manifest says how many transcripts there are", "[workbook]") {
  const small::SmallProject small;
  CHECK(counted_transcripts(small.path() / "chapters") == -1);
  small.write("chapters/transcripts.count", "7\n");
  CHECK(counted_transcripts(small.path() / "chapters") == 7);
}
