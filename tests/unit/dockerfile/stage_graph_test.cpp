// Stages: which are needed, in which order, and which name means which.

#include "chapters/12-build-cache/stages/stage_graph.hpp"

#include "common/check.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

using Order = std::vector<std::size_t>;

template <typename Call>
std::string failure_of(const Call& call) {
  try {
    call();
    return "no failure";
  } catch (const Failure& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("only what the wanted stage needs is built, and in an order that can be", "[stages]") {
  const StageGraph graph{{{.name = "builder", .base = "node"},
                          {.name = "docs", .base = "node"},
                          {.name = "tests", .base = "builder"},
                          {.base = "nginx", .sources = {"builder", "busybox"}}}};
  CHECK(graph.needed_for(graph.target("")) == Order{0, 3});
  CHECK(graph.needed_for(graph.target("tests")) == Order{0, 2});
  CHECK(graph.needed_for(graph.target("docs")) == Order{1});
  CHECK(graph.needed_for(graph.target("0")) == Order{0});
}

TEST_CASE("a stage is named by name in any case, or by number", "[stages]") {
  const StageGraph graph{{{.name = "Builder", .base = "a"}, {.base = "BUILDER"}, {.base = "1"}}};
  CHECK(graph.base_of(1) == 0U);
  CHECK_FALSE(graph.base_of(2));  // FROM takes names only
  CHECK(graph.source("builDER") == 0U);
  CHECK(graph.source("1") == 1U);
  CHECK_FALSE(graph.source("3"));
  CHECK_FALSE(graph.source("1x"));
  CHECK_FALSE(graph.source(""));
}

TEST_CASE("FROM sees the stages before it, and of two with one name the later", "[stages]") {
  const StageGraph graph{{{.name = "b", .base = "x"},
                          {.name = "x", .base = "b"},
                          {.name = "b", .base = "b"},
                          {.base = "b", .sources = {"b"}}}};
  CHECK_FALSE(graph.base_of(0));  // x is a stage only later: an image
  CHECK(graph.base_of(1) == 0U);
  CHECK(graph.base_of(2) == 0U);
  CHECK(graph.base_of(3) == 2U);
  CHECK(graph.needed_for(3) == Order{0, 2, 3});
}

TEST_CASE("a stage may copy from a later one, but none from itself", "[stages]") {
  const StageGraph graph{{{.name = "a", .base = "i", .sources = {"b"}}, {.name = "b", .base = "i"}}};
  CHECK(graph.needed_for(0) == Order{1, 0});
  CHECK(failure_of([] {
          (void)StageGraph{{{.name = "a", .base = "i", .sources = {"b"}}, {.name = "b", .base = "a"}}};
        }) == "circular dependency detected on stage: a");
  CHECK(failure_of([] { (void)StageGraph{{{.base = "i", .sources = {"0"}}}}; }) ==
        "circular dependency detected on stage: 0");
}

TEST_CASE("a target that is not there is told with the nearest", "[stages]") {
  const StageGraph graph{{{.name = "builder", .base = "a"}}};
  CHECK(failure_of([&] { (void)graph.target("bilder"); }) ==
        "target stage \"bilder\" could not be found; did you mean builder?");
}
