// What a Dockerfile says: instructions, flags, forms, continuations, heredocs.

#include "chapters/11-dockerfile/syntax/dockerfile_error.hpp"
#include "chapters/11-dockerfile/syntax/instruction.hpp"
#include "chapters/11-dockerfile/syntax/stages.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

Dockerfile parse(const std::string& text) { return parse_dockerfile(text, "Dockerfile"); }

Instruction only(const std::string& text) {
  const Dockerfile file = parse(text);
  REQUIRE(file.instructions.size() == 1);
  return file.instructions.front();
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("a Dockerfile is a list of instructions, each with its lines", "[dockerfile]") {
  const Dockerfile file =
      parse("FROM debian\n\n# why\nRUN a && \\\n  # not this\n    b\nCMD [\"x\", \"y z\"]\n");
  REQUIRE(file.instructions.size() == 3);
  CHECK(file.instructions[0].words == Words{"debian"});
  CHECK(file.instructions[1].rest == "a &&     b");
  CHECK(file.instructions[1].lines == Lines{4, 6});
  CHECK(file.instructions[1].comments == Words{"why"});
  CHECK(file.instructions[2].json);
  CHECK(file.instructions[2].words == Words{"x", "y z"});
}

TEST_CASE("a heredoc is what stands up to its name", "[dockerfile]") {
  const Instruction run = only("RUN <<A cat <<-\"B\" - 3<<C\none\nA\n\ttwo\n\tB\nC\n");
  REQUIRE(run.heredocs.size() == 3);
  CHECK(run.heredocs[0] == Heredoc{.name = "A", .body = "one\n"});
  CHECK(run.heredocs[1] == Heredoc{.name = "B", .expand = false, .strip_tabs = true, .body = "two\n"});
  CHECK(run.heredocs[2] == Heredoc{.name = "C"});
  CHECK(run.lines == Lines{1, 6});
}
