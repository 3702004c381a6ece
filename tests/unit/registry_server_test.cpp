// The parts of `registry serve` that need neither a socket nor a store.

#include "chapters/10-registry/server/access_log.hpp"
#include "chapters/10-registry/server/reading.hpp"
#include "chapters/10-registry/server/refusal.hpp"
#include "chapters/10-registry/server/route.hpp"
#include "chapters/10-registry/server/serve_command.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;
using namespace dockwright::serve;

TEST_CASE("every path of the specification is understood", "[registry]") {
  CHECK(Route::parse("/v2/")->kind == Kind::base);
  CHECK(Route::parse("/v2")->kind == Kind::base);
  CHECK(Route::parse("/v2/_catalog")->kind == Kind::catalog);
  const auto tags = Route::parse("/v2/a/b/c/tags/list");
  REQUIRE(tags);
  CHECK(tags->kind == Kind::tags);
  CHECK(tags->name == "a/b/c");
  const auto manifest = Route::parse("/v2/flask/manifests/latest");
  REQUIRE(manifest);
  CHECK(manifest->kind == Kind::manifest);
  CHECK(manifest->reference == "latest");
  const auto upload = Route::parse("/v2/flask/blobs/uploads/abc");
  REQUIRE(upload);
  CHECK(upload->kind == Kind::upload);
  CHECK(upload->reference == "abc");
  CHECK(Route::parse("/v2/flask/blobs/uploads/")->reference.empty());
  CHECK(Route::parse("/v2/flask/blobs/uploads")->kind == Kind::upload);
  CHECK(Route::parse("/v2/blobs/blobs/sha256:0")->name == "blobs");
}

TEST_CASE("a repository is read as a user's name is", "[registry]") {
  CHECK(parse_repository("flask") == parse_repository("library/flask"));
  CHECK(parse_repository("flask") == parse_repository("docker.io/library/flask"));
  CHECK(parse_repository("quay.io/x/y")->registry() == "quay.io");
  CHECK(parse_repository("alice/flask")->registry() == "docker.io");
}

TEST_CASE("a path that leads out, or nowhere, is refused", "[registry][security]") {
  const std::string hostile =
      GENERATE("/", "", "/v1/", "/v2/flask", "/v2/manifests/latest", "/v2//manifests/x", "/v2/../manifests/x",
               "/v2/a/../b/manifests/x", "/v2/./manifests/x", "/v2/A/manifests/x", "/v2/a b/manifests/x",
               "/v2/a:1/manifests/x", "/v2/a@b/manifests/x", "/v2/a//b/blobs/x", "/v2/-a/tags/list",
               "/v2/a/tags/lists", "/etc/passwd", "/v2/_catalog/x");
  CAPTURE(hostile);
  CHECK_FALSE(Route::parse(hostile));
}

TEST_CASE("a tag has no dot or dash in front, and 128 letters at most", "[registry]") {
  CHECK(is_tag("latest"));
  CHECK(is_tag("_1.0-RC"));
  CHECK(is_tag(std::string(128, 'a')));
  for (const std::string& text : {std::string{}, std::string{".."}, std::string{"-x"}, std::string{"a/b"},
                                  std::string{"a:b"}, std::string(129, 'a')}) {
    CAPTURE(text);
    CHECK_FALSE(is_tag(text));
  }
}

TEST_CASE("a document is given to who accepts its type", "[registry]") {
  CHECK(is_accepted("a/b, application/x;q=0.5", "application/x"));
  CHECK(is_accepted("*/*", "application/x"));
  CHECK(is_accepted("application/*", "application/x"));
  CHECK_FALSE(is_accepted("application/xy", "application/x"));
  CHECK_FALSE(is_accepted("", "application/x"));
}

TEST_CASE("lists come in pages", "[registry]") {
  const std::vector<std::string> all = {"a", "b", "c"};
  const auto page = [&](http::Fields query) { return page_of(all, {.query = std::move(query)}); };
  CHECK(page({}).items == all);
  CHECK_FALSE(page({}).more);
  CHECK(page({{"n", "2"}}).items == std::vector<std::string>{"a", "b"});
  CHECK(page({{"n", "2"}}).more);
  CHECK(page({{"n", "2"}, {"last", "b"}}).items == std::vector<std::string>{"c"});
  CHECK(page({{"last", "bb"}}).items == std::vector<std::string>{"c"});
  CHECK(page({{"n", "0"}}).items.empty());
  CHECK(page({{"n", "18446744073709551615"}}).items == all);
  CHECK_THROWS_AS(page({{"n", "-1"}}), Refusal);
  CHECK_THROWS_AS(page({{"n", "two"}}), Refusal);
}

TEST_CASE("a line of the log cannot steer a terminal", "[registry][security]") {
  const http::Request request{.method = "GET", .target = "/\x1b]0;owned\x07\n\xff", .peer = "127.0.0.1"};
  const std::string line = log_line(request, {.status = 404, .bytes = 1234, .seconds = 0.0012});
  CHECK(line == "127.0.0.1 GET /\\x1b]0;owned\\x07\\x0a\\xff 404 1.23 kB 1.2 ms\n");
  CHECK(log_word(std::string(500, 'x')).size() == 203);
  CHECK(contains(log_line(request, {.whole = false}), "(broken off)"));
}

TEST_CASE("where to listen is an address, a port, or both", "[registry]") {
  CHECK(Listening::parse("0.0.0.0") == Listening{.address = "0.0.0.0", .port = 5000});
  CHECK(Listening::parse("10.0.0.1:80") == Listening{.address = "10.0.0.1", .port = 80});
  CHECK(Listening::parse(":0") == Listening{.address = "127.0.0.1", .port = 0});
  CHECK(Listening::parse("::1") == Listening{.address = "::1", .port = 5000});
  CHECK(Listening::parse("[::]:5001") == Listening{.address = "::", .port = 5001});
  CHECK(Listening::parse("[::1]").str() == "[::1]:5000");
  for (const char* const wrong : {"1.2.3.4:", "1.2.3.4:x", "1.2.3.4:65536", "[::1", "[::1]x", "1.2.3.4:-1"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(Listening::parse(wrong), Failure);
  }
}
