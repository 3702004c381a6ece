// `build --print ast`: how a Dockerfile was understood.

#include "chapters/11-dockerfile/syntax/print_ast.hpp"

#include "common/json.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

const std::string kFile =
    "# syntax=docker/dockerfile:1\n"
    "ARG V\n"
    "FROM debian:$V AS base\n"
    "# why\n"
    "RUN --mount=type=ssh \\\n"
    "  make\n"
    "COPY --link <<-'E' /x\n"
    "\tone\n"
    "E\n"
    "ENV A=1 B=\"2 3\"\n"
    "ONBUILD RUN x\n"
    "CMD [\"a\", \"b c\"]\n";

}  // namespace

TEST_CASE("the tree shows every instruction with its lines and parts", "[dockerfile]") {
  CHECK(show_tree(parse_dockerfile(kFile, "Dockerfile")) ==
        "# syntax=docker/dockerfile:1\n"
        "2       ARG\n"
        "        pair     V\n"
        "3       FROM\n"
        "        words    \"debian:$V\" \"AS\" \"base\"\n"
        "5-6     RUN\n"
        "        flag     --mount=type=ssh\n"
        "        shell    \"make\"\n"
        "7-9     COPY\n"
        "        flag     --link\n"
        "        words    \"<<-'E'\" \"/x\"\n"
        "        heredoc  E (1 line, as it stands, without tabs)\n"
        "10      ENV\n"
        "        pair     A=1\n"
        "        pair     B=\"2 3\"\n"
        "11      ONBUILD\n"
        "        trigger  \"RUN x\"\n"
        "12      CMD\n"
        "        json     \"a\" \"b c\"\n");
}

TEST_CASE("the tree as JSON holds all that was read", "[dockerfile]") {
  const JsonDocument document{"tree", tree_json(parse_dockerfile(kFile, "Dockerfile"))};
  const JsonNode root = document.root();
  CHECK(root.text_of("name") == "Dockerfile");
  CHECK(root.at("directives").text_of("syntax") == "docker/dockerfile:1");
  const auto all = root.at("instructions").items();
  REQUIRE(all.size() == 7);
  const JsonNode& run = all[2];
  CHECK(run.text_of("instruction") == "RUN");
  CHECK(run.at("startLine").number() == 5);
  CHECK(run.at("endLine").number() == 6);
  CHECK(run.text_of("original") == "RUN --mount=type=ssh   make");
  CHECK(run.at("flags").items().at(0).text_of("name") == "mount");
  CHECK(run.at("flags").items().at(0).text_of("value") == "type=ssh");
  CHECK_FALSE(run.at("json").boolean());
  CHECK(run.texts_of("arguments") == std::vector<std::string>{"make"});
  CHECK(run.texts_of("comments") == std::vector<std::string>{"why"});
  const JsonNode heredoc = all[3].at("heredocs").items().at(0);
  CHECK(heredoc.text_of("content") == "one\n");
  CHECK_FALSE(heredoc.at("expand").boolean());
  CHECK(heredoc.at("stripTabs").boolean());
  CHECK(all[4].at("pairs").items().at(1).text_of("value") == "\"2 3\"");
  CHECK_FALSE(all[0].at("pairs").items().at(0).find("value"));
  CHECK(all[5].text_of("trigger") == "RUN x");
  CHECK(all[6].at("json").boolean());
}

TEST_CASE("bytes that are no text are shown nevertheless", "[dockerfile]") {
  CHECK_THAT(tree_json(parse_dockerfile("RUN \xFF", "Dockerfile")), Catch::Contains("\xEF\xBF\xBD"));
}
