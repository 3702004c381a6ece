// Every way in which a Dockerfile can be wrong: the words are BuildKit's, for these are what people search
// for; the line is the one where the mistake stands.

#include "chapters/11-dockerfile/syntax/dockerfile_error.hpp"
#include "chapters/11-dockerfile/syntax/logical_lines.hpp"
#include "chapters/11-dockerfile/syntax/stages.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

struct Mistake {
  std::string text;
  int line;
  std::string why;
};

const std::vector<Mistake> kMistakes = {
    {"FORM debian", 1, "unknown instruction: FORM (did you mean FROM?)"},
    {"from a\n\nrum x", 3, "unknown instruction: rum (did you mean RUN?)"},
    {"FROM a\nRUN \\\n x\nXYZZY y", 4, "unknown instruction: XYZZY"},
    {"FROM a\n<<<<<<< HEAD", 2, "unknown instruction: <<<<<<<"},
    {"FROM", 1, "FROM requires either one or three arguments"},
    {"FROM a b", 1, "FROM requires either one or three arguments"},
    {"FROM a b c", 1, "FROM requires either one or three arguments"},
    {"FROM a AS b c", 1, "FROM requires either one or three arguments"},
    {"FROM a AS 1", 1,
     "invalid name for build stage: \"1\", name can't start with a number or contain symbols"},
    {"FROM a AS b/c", 1, "invalid name for build stage: \"b/c\""},
    {"FROM a AS -b", 1, "invalid name for build stage: \"-b\""},
    {"COPY", 1, "COPY requires at least one argument"},
    {"COPY a", 1,
     "COPY requires at least two arguments, but only one was provided. Destination could not be determined"},
    {"ADD --chown=1 a", 1, "ADD requires at least two arguments"},
    {"COPY a <<E\nE", 1, "COPY cannot accept a heredoc as a destination"},
    {"ADD a <<E\nE", 1, "ADD cannot accept a heredoc as a destination"},
    {"COPY [\"a\"]", 1, "COPY requires at least two arguments"},
    {"COPY [\"a\", 1]", 1, "when using JSON array syntax, arrays must be comprised of strings only"},
    {"RUN [[\"a\"]]", 1, "when using JSON array syntax, arrays must be comprised of strings only"},
    {"CMD [null]", 1, "when using JSON array syntax, arrays must be comprised of strings only"},
    {"HEALTHCHECK CMD [1]", 1, "when using JSON array syntax, arrays must be comprised of strings only"},
    {"ENV", 1, "ENV requires at least one argument"},
    {"ENV A", 1, "ENV must have two arguments"},
    {"LABEL a", 1, "LABEL must have two arguments"},
    {"ENV A=1 B", 1, "Syntax error - can't find = in \"B\". Must be of the form: name=value"},
    {"ENV =1", 1, "ENV names can not be blank"},
    {"LABEL a=1 =2", 1, "LABEL names can not be blank"},
    {"ARG", 1, "ARG requires at least one argument"},
    {"ARG =1", 1, "ARG names can not be blank"},
    {"EXPOSE", 1, "EXPOSE requires at least one argument"},
    {"VOLUME", 1, "VOLUME requires at least one argument"},
    {"VOLUME []", 1, "VOLUME requires at least one argument"},
    {"VOLUME [\"\"]", 1, "VOLUME specified can not be an empty string"},
    {"USER", 1, "USER requires exactly one argument"},
    {"WORKDIR", 1, "WORKDIR requires exactly one argument"},
    {"STOPSIGNAL", 1, "STOPSIGNAL requires exactly one argument"},
    {"MAINTAINER", 1, "MAINTAINER requires exactly one argument"},
    {"SHELL", 1, "SHELL requires at least one argument"},
    {"SHELL []", 1, "SHELL requires at least one argument"},
    {"SHELL /bin/bash -c", 1,
     "SHELL requires the arguments to be in JSON form: SHELL [\"/bin/bash\", \"-c\"]"},
    {"HEALTHCHECK", 1, "HEALTHCHECK requires at least one argument"},
    {"HEALTHCHECK NONE x", 1, "HEALTHCHECK NONE takes no arguments"},
    {"HEALTHCHECK CMD", 1, "Missing command after HEALTHCHECK CMD"},
    {"HEALTHCHECK CMD []", 1, "Missing command after HEALTHCHECK CMD"},
    {"HEALTHCHECK curl x", 1, "Unknown type \"CURL\" in HEALTHCHECK (try CMD)"},
    {"ONBUILD", 1, "ONBUILD requires at least one argument"},
    {"ONBUILD ONBUILD RUN x", 1, "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"},
    {"ONBUILD from x", 1, "FROM isn't allowed as an ONBUILD trigger"},
    {"ONBUILD MAINTAINER x", 1, "MAINTAINER isn't allowed as an ONBUILD trigger"},
    {"ONBUILD COPPY a b", 1, "unknown instruction: COPPY (did you mean COPY?)"},
    {"ONBUILD COPY a", 1, "COPY requires at least two arguments"},
    {"COPY --form=x a b", 1, "unknown flag: --form (did you mean from?)"},
    {"COPY --frob a b", 1, "unknown flag: --frob"},
    {"RUN --chown=1 x", 1, "unknown flag: --chown"},
    {"CMD --version", 1, "unknown flag: --version"},
    {"COPY --from a b", 1, "missing a value on flag: --from"},
    {"COPY --link= a b", 1, "missing a value on flag: --link"},
    {"RUN --mount x", 1, "missing a value on flag: --mount"},
    {"COPY --link=maybe a b", 1, "expecting boolean value for flag --link, not: maybe"},
    {"COPY --chown=1 --chown=2 a b", 1, "duplicate flag specified: --chown"},
    {"COPY --link --link=false a b", 1, "duplicate flag specified: --link"},
    {"FROM a\nRUN <<E\nx\n", 2, "unterminated heredoc"},
    {"FROM a\nRUN <<E\nx\n E\n", 2, "unterminated heredoc: no line is E"},
    {"RUN <<-E\nx\n\tE \n", 1, "unterminated heredoc"},
    {"# escape=x\nFROM a", 1, "invalid escape token 'x' does not match ` or \\"},
    {"# syntax=a\n# escape=`\n# Escape=`\nFROM a", 3, "only one escape parser directive can be used"},
    {"# syntax=a\n# syntax=a\nFROM a", 2, "only one syntax parser directive can be used"},
    {"", 0, "file with no instructions"},
    {"# nothing\n\n", 2, "file with no instructions"},
    {"\\\n", 1, "file with no instructions"},
    {std::string{"FROM a\nRUN a\0b", 14}, 2, "a NUL byte: this is no text"},
    {"RUN " + std::string(65'536, 'x'), 1, "dockerfile line greater than maximum allowed size of 65535"},
};

const std::vector<Mistake> kOrders = {
    {"RUN x\nFROM a", 1, "no build stage in current context"},
    {"ARG A\n\nENV B=1\nFROM a", 3, "no build stage in current context"},
    {"ARG A\n", 1, "no build stage: FROM is missing"},
};

/// The error, which must be there.
DockerfileError error_of(const std::string& text) {
  try {
    const StageTexts texts = split_stages(parse_dockerfile(text, "sub/Dockerfile"));
    FAIL("no error in " << text.substr(0, 100));
  } catch (const DockerfileError& error) {
    return error;
  }
  throw std::logic_error{"not reached"};
}

void check_mistake(const Mistake& mistake) {
  CAPTURE(mistake.text.substr(0, 100));
  const DockerfileError error = error_of(mistake.text);
  const std::string start =
      "dockerfile parse error on line " + std::to_string(mistake.line) + ": " + mistake.why;
  CHECK_THAT(error.what(), Catch::StartsWith(start));
  CHECK(error.lines().first == mistake.line);
  CHECK(error.exit_code() == 1);
  if (mistake.line > 0)
    CHECK_THAT(error.shown(), Catch::StartsWith("sub/Dockerfile:" + std::to_string(mistake.line) + "\n---"));
}

}  // namespace

TEST_CASE("a mistake is named, with its line and the word that was meant", "[dockerfile][errors]") {
  for (const Mistake& mistake : kMistakes) check_mistake(mistake);
}

TEST_CASE("only ARG may stand before the first FROM, and FROM must be there", "[dockerfile][errors]") {
  for (const Mistake& mistake : kOrders) check_mistake(mistake);
}

TEST_CASE("a mistake is shown with the lines around it", "[dockerfile][errors]") {
  CHECK(error_of("FROM a\nRUN \\\n  --x \\\n  y\nCMD z\n").shown() ==
        "sub/Dockerfile:2\n"
        "--------------------\n"
        "   1 |     FROM a\n"
        "   2 | >>> RUN \\\n"
        "   3 | >>>   --x \\\n"
        "   4 | >>>   y\n"
        "   5 |     CMD z\n"
        "--------------------");
}

TEST_CASE("a Dockerfile that is too large is refused, and the limit named", "[dockerfile][errors]") {
  std::string lines = "FROM a\n";
  for (std::size_t i = 0; i < DockerfileLimits::kInstructions; ++i) lines += "CMD\n";
  CHECK_THROWS_WITH(parse_dockerfile(lines, "Dockerfile"), Catch::Contains("more than 10000 instructions"));
  std::string bytes = "FROM a\n";
  while (bytes.size() <= DockerfileLimits::kBytes) bytes += "# " + std::string(60'000, 'x') + "\n";
  CHECK_THROWS_WITH(parse_dockerfile(bytes, "Dockerfile"),
                    Catch::Contains("larger than the allowed 4194304 bytes"));
  // A line of exactly the limit is read.
  CHECK(parse_dockerfile("RUN " + std::string(65'531, 'x'), "Dockerfile").instructions.size() == 1);
}
