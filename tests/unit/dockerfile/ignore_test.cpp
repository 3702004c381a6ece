// .dockerignore and the wildcards of COPY: what they fit, and what they leave out.

#include "chapters/12-build-cache/ignore.hpp"

#include <chrono>

#include "chapters/11-dockerfile/copy/glob.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/dockerfile/copy_room.hpp"

using namespace dockwright;
using Files = std::vector<std::string>;

namespace {

struct Fit {
  const char* pattern;
  const char* path;
  bool fits;
};

}  // namespace

TEST_CASE("a wildcard of COPY fits as Go's filepath.Match says", "[build][glob]") {
  const std::vector<Fit> cases = {
      {"abc", "abc", true},
      {"*", "abc", true},
      {"*c", "abc", true},
      {"a*", "abc", true},
      {"a*", "ab/c", false},
      {"a*/b", "abc/b", true},
      {"a*/b", "a/c/b", false},
      {"a*b*c*d*e*/f", "axbxcxdxe/f", true},
      {"a*b*c*d*e*/f", "axbxcxdxexxx/fff", false},
      {"a*b?c*x", "abxbbxdbxebxczzx", true},
      {"ab[c]", "abc", true},
      {"ab[b-d]", "abc", true},
      {"ab[e-g]", "abc", false},
      {"ab[^c]", "abc", false},
      {"ab[^e-g]", "abc", true},
      {"a\\*b", "a*b", true},
      {"a\\*b", "ab", false},
      {"a?b",
       "a\xe2\x98\xba"
       "b",
       true},
      {"a???b",
       "a\xe2\x98\xba"
       "b",
       false},
      {"[a-\xce\xb6]*", "\xce\xb1", true},
      {"*[a-\xce\xb6]", "A", false},
      {"a?b", "a/b", false},
      {"a*b", "a/b", false},
      {"[\\]a]", "]", true},
      {"[\\-]", "-", true},
      {"[x\\-]", "x", true},
      {"[x\\-]", "z", false},
      {"[\\-x]", "a", false},
      {"*x", "xxx", true},
      {"**", "a/b", false},
      {"a[^/]b", "a/b", false},
      {"?", "\xff", true},
      {"", "", true},
      {"*", "", true},
      {"[!a]", "!", true},
  };
  for (const Fit& each : cases) {
    CAPTURE(each.pattern, each.path);
    CHECK(Glob{each.pattern}.matches(each.path) == each.fits);
  }
  for (const char* bad :
       {"[]a]", "[-]", "[x-]", "[-x]", "[", "[^", "[^bc", "a[", "\\", "[a-b-c]", "a\\", "[\\"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(Glob{bad}, Failure);
  }
}

TEST_CASE("no wildcard takes long", "[build][glob]") {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  const auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(Glob{pattern + "b"}.matches(std::string(4000, 'a')));
  CHECK_FALSE((Glob{"**/**/**/**/**/**/**/b", Stars::two}.matches(std::string(4000, '/'))));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{5});
}

TEST_CASE("two stars fit any number of directories", "[build][ignore]") {
  const std::vector<Fit> cases = {
      {"**", "file", true},          {"**", "dir/file", true},      {"**/", "file", true},
      {"**/file", "file", true},     {"**/file", "a/b/file", true}, {"**/file", "afile", false},
      {"**/*.txt", "a/b.txt", true}, {"**/*.txt", "b.txt", true},   {"dir/**", "dir/file", true},
      {"dir/**", "dir/a/b", true},   {"dir/**", "other", false},    {"**/dir/**", "a/dir/b/c", true},
      {"a/**/b", "a/b", true},       {"a/**/b", "a/x/y/b", true},   {"a/**/b", "ab", false},
      {"**/**", "a/b", true},        {"a**b", "axb", false},        {"a**b", "ab", true},
      {"a**", "abc/d", true},
  };
  for (const Fit& each : cases) {
    CAPTURE(each.pattern, each.path);
    CHECK((Glob{each.pattern, Stars::two}.matches(each.path)) == each.fits);
  }
}

TEST_CASE("the last pattern that fits decides", "[build][ignore]") {
  struct Case {
    Files lines;
    const char* path;
    bool directory;
    Verdict verdict;
  };
  const std::vector<Case> cases = {
      {{"a"}, "a", false, Verdict::leave},
      {{"a"}, "a/b/c", false, Verdict::leave},
      {{"a"}, "b/a", false, Verdict::take},
      {{"/a"}, "a", false, Verdict::leave},
      {{"a/"}, "a/b", false, Verdict::leave},
      {{"./a/../b"}, "b", false, Verdict::leave},
      {{"."}, "a", false, Verdict::take},
      {{"/"}, "a", false, Verdict::take},
      {{"*"}, "a", true, Verdict::leave},
      {{"*.md", "!README.md"}, "README.md", false, Verdict::take},
      {{"*.md", "!README.md"}, "x.md", false, Verdict::leave},
      {{"!README.md", "*.md"}, "README.md", false, Verdict::leave},
      {{"*.md", "!README*.md", "README-secret.md"}, "README-secret.md", false, Verdict::leave},
      {{"*", "!keep"}, "keep", true, Verdict::take},
      {{"*", "!keep"}, "keep/x", false, Verdict::take},
      {{"*", "!keep"}, "other", true, Verdict::leave},
      {{"a", "!a/b/c"}, "a", true, Verdict::look},
      {{"a", "!a/b/c"}, "a/b", true, Verdict::look},
      {{"a", "!a/b/c"}, "a/x", true, Verdict::leave},
      {{"a", "!a/b/c"}, "a/b/c", false, Verdict::take},
      {{"a", "!**/c"}, "a/x", true, Verdict::look},
      {{"**/node_modules"}, "x/y/node_modules/z", false, Verdict::leave},
      {{"a", "!a/b", "a/b/c"}, "a/b/c", false, Verdict::leave},
  };
  for (const Case& each : cases) {
    CAPTURE(each.lines, each.path);
    CHECK(PathPatterns{each.lines}.judge(each.path, each.directory) == each.verdict);
  }
}

TEST_CASE("the lines of .dockerignore", "[build][ignore]") {
  CHECK(parse_ignore("\xef\xbb\xbf# a comment\n  a  \n\n #b\n! c \r\n/d/\n\t\n\\#e") ==
        Files{"a", "#b", "!c", "/d/", "\\#e"});
  CHECK_THROWS_AS(parse_ignore("!"), Failure);
  CHECK(parse_ignore("").empty());
}

TEST_CASE("a Dockerfile may have an ignore file of its own", "[build][ignore]") {
  const CopyRoom room;
  const Context context = Context::directory(room.source());
  CHECK(read_ignore(context, "Dockerfile").empty());
  room.context(".dockerignore", "all\n");
  room.context("sub/my.Dockerfile.dockerignore", "mine\n");
  CHECK(read_ignore(context, "Dockerfile").judge("all", false) == Verdict::leave);
  CHECK(read_ignore(context, "sub/my.Dockerfile").judge("all", false) == Verdict::take);
  CHECK(read_ignore(context, "sub/my.Dockerfile").judge("mine", false) == Verdict::leave);
  room.context("Dockerfile.dockerignore", "x\n[\n");
  CHECK_THROWS_WITH(read_ignore(context, "Dockerfile"),
                    Catch::Contains("Dockerfile.dockerignore") && Catch::Contains("syntax error in pattern"));
}

TEST_CASE("what is ignored cannot be copied, by no way", "[build][ignore][threat44]") {
  CopyRoom room;
  room.context("secret", "s");
  room.context("dir/secret", "s");
  room.context("dir/open", "o");
  room.context("dir/kept/x", "x");
  room.context("dir/other/x", "x");
  room.context_link("link", "secret");
  room.context_link("dir/up", "../dir/secret");
  room.context_link("way", "dir");
  const PathPatterns rules{{"secret", "dir", "!dir/open", "!dir/kept"}};
  room.filter = &rules;
  SECTION("by its name, through a link, through a directory") {
    for (const char* path :
         {"secret", "link", "dir/secret", "dir/up", "way/secret", "dir/other", "./dir/../secret"}) {
      CAPTURE(path);
      CHECK_THAT(room.copy({.sources = {path}, .destination = "/x"}), Catch::Contains("not found"));
    }
    CHECK(room.tree().empty());
  }
  SECTION("nor by a wildcard; but what was brought back can") {
    CHECK(room.copy({.sources = {"*"}, .destination = "/x/"}) == "");
    CHECK(room.tree() == Files{"x/", "x/kept/", "x/kept/x=x", "x/link->secret", "x/open=o"});
  }
  SECTION("nor with the directory") {
    CHECK(room.copy({.sources = {"."}, .destination = "/x/"}) == "");
    CHECK(room.tree() == Files{"x/", "x/dir/", "x/dir/kept/", "x/dir/kept/x=x", "x/dir/open=o",
                               "x/link->secret", "x/way->dir"});
  }
  SECTION("and the error says why it is not found") {
    try {
      static_cast<void>(room.select({.sources = {"secret"}, .destination = "/x"}));
      FAIL("it was found");
    } catch (const Failure& failure) {
      CHECK_THAT(failure.advice().cause, Catch::Contains(".dockerignore"));
    }
  }
}
