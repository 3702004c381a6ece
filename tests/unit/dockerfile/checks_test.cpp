// `build --check`: a table of what is found and what is not, for each of Docker's rules.

#include "chapters/11-dockerfile/checks/checks.hpp"

#include "chapters/11-dockerfile/syntax/dockerfile_error.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

struct Found {
  std::string rule;
  int line;
  std::string detail;
};

struct Case {
  std::string text;
  std::vector<Found> found;
};

const CheckSurroundings kSurroundings = {
    .arguments = {{"GIVEN", "a"}},
    .variables_of = [](const std::string& image) -> std::optional<std::set<std::string>> {
      if (image == "unknown") return std::nullopt;
      return std::set<std::string>{"HOME", "LANG"};
    },
    .ignored = [](const std::string& path) { return path == "secret.txt"; }};

const std::vector<Case> kCases = {
    {"FROM a AS b\nRUN x\nCMD [\"y\"]", {}},
    {"from a as b\nrun x", {}},
    // casing
    {"FROM a\ncopy b c\nRUN x",
     {{"ConsistentInstructionCasing", 2,
       "Command 'copy' should match the case of the command majority (uppercase)"}}},
    {"FROM a\nrun b\nrun c",
     {{"ConsistentInstructionCasing", 1,
       "Command 'FROM' should match the case of the command majority (lowercase)"}}},
    {"From a\nRUN x",
     {{"ConsistentInstructionCasing", 1,
       "Command 'From' should match the case of the command majority (uppercase)"}}},
    {"FROM a as b", {{"FromAsCasing", 1, "'as' and 'FROM' keywords' casing do not match"}}},
    {"from a AS b", {{"FromAsCasing", 1, "'AS' and 'from' keywords' casing do not match"}}},
    {"FROM a AS Big", {{"StageNameCasing", 1, "Stage name 'Big' should be lowercase"}}},
    // stages
    {"FROM a AS b\nFROM c AS b",
     {{"DuplicateStageName", 2, "Duplicate stage name \"b\", stage names should be unique"}}},
    {"FROM a AS scratch",
     {{"ReservedStageName", 1, "Stage name should not use the same name as reserved stage \"scratch\""}}},
    {"FROM a AS context",
     {{"ReservedStageName", 1, "Stage name should not use the same name as reserved stage \"context\""}}},
    // form
    {"FROM a\nRUN x \\\n\n  y", {{"NoEmptyContinuation", 2, "Empty continuation line"}}},
    {"FROM a\nRUN x \\\n # z\n  y", {}},
    {"FROM a\nMAINTAINER b",
     {{"MaintainerDeprecated", 2, "Maintainer instruction is deprecated in favor of using label"}}},
    {"FROM a\nENV b c\nLABEL d e\nENV f=g",
     {{"LegacyKeyValueFormat", 2,
       "\"ENV key=value\" should be used instead of legacy \"ENV key value\" format"},
      {"LegacyKeyValueFormat", 3,
       "\"LABEL key=value\" should be used instead of legacy \"LABEL key value\" format"}}},
    // commands
    {"FROM a\nENTRYPOINT x\nCMD y",
     {{"JSONArgsRecommended", 2,
       "JSON arguments recommended for ENTRYPOINT to prevent unintended behavior related to OS signals"},
      {"JSONArgsRecommended", 3,
       "JSON arguments recommended for CMD to prevent unintended behavior related to OS signals"}}},
    {"FROM a AS b\nSHELL [\"/bin/bash\", \"-c\"]\nCMD x\nFROM b\nCMD y", {}},
    {"FROM a\nCMD [\"x\"]\nHEALTHCHECK NONE\nCMD [\"y\"]\nHEALTHCHECK CMD z\nFROM a\nCMD [\"z\"]",
     {{"MultipleInstructionsDisallowed", 2,
       "Multiple CMD instructions should not be used in the same stage because only the last one will be "
       "used"},
      {"MultipleInstructionsDisallowed", 3,
       "Multiple HEALTHCHECK instructions should not be used in the same stage because only the last one "
       "will be used"}}},
    // directories
    {"FROM a\nWORKDIR b",
     {{"WorkdirRelativePath", 2,
       "Relative workdir \"b\" can have unexpected results if the base image changes"}}},
    {"FROM a AS x\nWORKDIR /a\nWORKDIR b\nFROM x\nWORKDIR c", {}},
    {"FROM a\nARG d=/x\nWORKDIR $d\nWORKDIR \"/y\"", {}},
    // variables
    {"FROM a\nCOPY $src /x\nCOPY ${src:-.} /x\nRUN echo $src",
     {{"UndefinedVar", 2, "Usage of undefined variable '$src'"}}},
    {"FROM a\nARG source\nCOPY $sourc /x",
     {{"UndefinedVar", 3, "Usage of undefined variable '$sourc' (did you mean $source?)"}}},
    {"FROM a\nENV a=1 b=$a", {{"UndefinedVar", 2, "Usage of undefined variable '$a'"}}},
    {"FROM a\nENV a=1\nENV b=$a PATH=/x:$PATH\nUSER $LANG\nLABEL p=$http_proxy", {}},
    {"FROM unknown\nENV b=$a", {}},
    {"ARG BASE=unknown\nFROM $BASE\nENV b=$a", {}},
    {"ARG GIVEN=unknown\nFROM $GIVEN\nENV b=$a", {{"UndefinedVar", 3, "Usage of undefined variable '$a'"}}},
    {"FROM a AS x\nARG b\nFROM ${c:-x}\nENV d=$b", {}},
    {"FROM scratch\nENV b=$LANG", {{"UndefinedVar", 2, "Usage of undefined variable '$LANG'"}}},
    {"FROM a AS x\nENV b=1\nARG c\nFROM x\nENV d=$b$c", {}},
    {"FROM a\nRUN --mount=type=cache,target=$t x", {{"UndefinedVar", 2, "Usage of undefined variable '$t'"}}},
    // FROM
    {"FROM a:$tag",
     {{"UndefinedArgInFrom", 1, "FROM argument 'tag' is not declared"},
      {"InvalidDefaultArgInFrom", 1,
       "Default value for ARG a:$tag results in empty or invalid base image name"}}},
    {"ARG VERSION=1\nFROM a:$VERSIO",
     {{"UndefinedArgInFrom", 2, "FROM argument 'VERSIO' is not declared (did you mean VERSION?)"},
      {"InvalidDefaultArgInFrom", 2,
       "Default value for ARG a:$VERSIO results in empty or invalid base image name"}}},
    {"ARG TAG\nFROM a:${TAG}",
     {{"InvalidDefaultArgInFrom", 2,
       "Default value for ARG a:${TAG} results in empty or invalid base image name"}}},
    {"ARG TAG=1\nARG IMAGE=a:$TAG\nFROM $IMAGE\nFROM a:${X:-2}", {}},
    {"ARG V\nFROM a:stable$V\nFROM --platform=$BUILDPLATFORM b", {}},
    {"FROM a AS base-amd64\nFROM base-$TARGETARCH", {}},
    {"FROM --platform=linux/amd64 a",
     {{"FromPlatformFlagConstDisallowed", 1,
       "FROM --platform flag should not use constant value \"linux/amd64\""}}},
    {"FROM --platform=linux/amd64 a AS build_amd64", {}},
    {"FROM --platform=${TARGETPLATFORM} a",
     {{"RedundantTargetPlatform", 1,
       "Setting platform to predefined ${TARGETPLATFORM} in FROM is redundant as this is the default "
       "behavior"}}},
    // secrets
    {"ARG MY_TOKEN\nFROM a\nENV API_KEY=1 PUBLIC_KEY=2 KEYBOARD=3\nARG password",
     {{"SecretsUsedInArgOrEnv", 1,
       "Do not use ARG or ENV instructions for sensitive data (ARG \"MY_TOKEN\")"},
      {"SecretsUsedInArgOrEnv", 3, "Do not use ARG or ENV instructions for sensitive data (ENV \"API_KEY\")"},
      {"SecretsUsedInArgOrEnv", 4,
       "Do not use ARG or ENV instructions for sensitive data (ARG \"password\")"}}},
    // ports
    {"FROM a\nEXPOSE 80 80/TCP 1:2 ${P:-3}",
     {{"ExposeProtoCasing", 2, "Defined protocol '80/TCP' in EXPOSE instruction should be lowercase"},
      {"ExposeInvalidFormat", 2,
       "EXPOSE instruction should not define an IP address or host-port mapping, found '1:2'"}}},
    // what .dockerignore keeps out
    {"FROM a\nCOPY x secret.txt /\nADD secret.txt /\nCOPY --from=b secret.txt /",
     {{"CopyIgnoredFile", 2, "Attempting to Copy file \"secret.txt\" that is excluded by .dockerignore"},
      {"CopyIgnoredFile", 3, "Attempting to Add file \"secret.txt\" that is excluded by .dockerignore"}}},
    // an experiment, which must be asked for
    {"# check=experimental=InvalidDefinitionDescription\n# a comment\nARG A=1\n\n# B is known\nARG B\n# C\n\n"
     "ARG C\n#c\nFROM x AS y",
     {{"InvalidDefinitionDescription", 3, "Comment for ARG should follow the format: `# A <description>`"},
      {"InvalidDefinitionDescription", 11,
       "Comment for FROM should follow the format: `# y <description>`"}}},
    {"# check=experimental=all\nARG A=1\nFROM x", {}},
    {"# a comment\nARG A=1\nFROM x", {}},
    // what is skipped
    {"# check=skip=StageNameCasing, FromAsCasing\nFROM a as B\nMAINTAINER c",
     {{"MaintainerDeprecated", 3, "Maintainer instruction is deprecated in favor of using label"}}},
    {"# check=skip=all;error=true\nFROM a as B\nMAINTAINER c", {}},
};

std::vector<Finding> findings_in(const std::string& text) {
  return find_mistakes(parse_dockerfile(text, "Dockerfile"), kSurroundings);
}

}  // namespace

TEST_CASE("a check finds what it is for, and nothing else", "[dockerfile][checks]") {
  for (const Case& one : kCases) {
    CAPTURE(one.text);
    const std::vector<Finding> findings = findings_in(one.text);
    REQUIRE(findings.size() == one.found.size());
    for (std::size_t i = 0; i < findings.size(); ++i) {
      CHECK(text_of(findings[i].rule).name == one.found[i].rule);
      CHECK(findings[i].lines.first == one.found[i].line);
      CHECK(findings[i].detail == one.found[i].detail);
    }
  }
}

TEST_CASE("there is a case for every rule", "[dockerfile][checks]") {
  std::set<std::string> seen;
  for (const Case& one : kCases)
    for (const Found& found : one.found) seen.insert(found.rule);
  for (const std::string& name : rule_names()) {
    CAPTURE(name);
    CHECK(seen.contains(name));
  }
}

TEST_CASE("findings are shown as docker build --check shows them", "[dockerfile][checks]") {
  const Dockerfile file = parse_dockerfile("FROM a\nCMD x\n", "Dockerfile");
  CHECK(show_findings(file, {}) == "Check complete, no warnings found.\n");
  const auto findings = find_mistakes(file, kSurroundings);
  CHECK(show_findings(file, findings) ==
        "Check complete, 1 warning has been found!\n"
        "\n"
        "WARNING: JSONArgsRecommended - https://docs.docker.com/go/dockerfile/rule/json-args-recommended/\n"
        "JSON arguments recommended for CMD to prevent unintended behavior related to OS signals\n"
        "Dockerfile:2\n"
        "--------------------\n"
        "   1 |     FROM a\n"
        "   2 | >>> CMD x\n"
        "--------------------\n");
  CHECK(
      summarize_findings(findings) ==
      " 1 warning found (build --check shows the lines):\n"
      " - JSONArgsRecommended: JSON arguments recommended for CMD to prevent unintended behavior related to "
      "OS signals (line 2)\n");
  CHECK(summarize_findings({}).empty());
  CHECK_THAT(show_findings(file, {findings[0], findings[0]}),
             Catch::StartsWith("Check complete, 2 warnings have been found!\n"));
}

TEST_CASE("a file can say that a finding is an error", "[dockerfile][checks]") {
  const std::string text = "FROM a as b\nMAINTAINER c\nMAINTAINER d";
  const auto fail = [](const std::string& whole) {
    const Dockerfile file = parse_dockerfile(whole, "Dockerfile");
    fail_on_findings(file, find_mistakes(file, kSurroundings));
  };
  CHECK_NOTHROW(fail(text));
  CHECK_THROWS_WITH(fail("# check=error=true\n" + text),
                    "lint violation found for rules: FromAsCasing, MaintainerDeprecated");
  CHECK_NOTHROW(fail("# check=error=true\nFROM a"));
}

TEST_CASE("a wrong option of the checks is an error on its line", "[dockerfile][checks][errors]") {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"skip=StageNameCase", "there is no rule \"StageNameCase\""},
      {"skip=FromAsCasin", "there is no rule \"FromAsCasin\" (did you mean FromAsCasing?)"},
      {"skip", "invalid check option \"skip\""},
      {"skp=all", "invalid check option \"skp\" (did you mean skip?)"},
      {"error=perhaps", "error is true or false, not \"perhaps\""}};
  for (const auto& [option, why] : wrong) {
    CAPTURE(option);
    CHECK_THROWS_WITH(findings_in("# syntax=x\n# check=" + option + "\nFROM a"),
                      Catch::StartsWith("dockerfile parse error on line 2: ") && Catch::EndsWith(why));
  }
}

TEST_CASE("a check of words that cannot be expanded is an error on their line",
          "[dockerfile][checks][errors]") {
  CHECK_THROWS_WITH(findings_in("FROM a\nENV b=${c"),
                    Catch::StartsWith("dockerfile parse error on line 2: "));
  CHECK_THROWS_WITH(findings_in("ARG a\nFROM ${a"), Catch::StartsWith("dockerfile parse error on line 2: "));
}
