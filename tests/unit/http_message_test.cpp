// What strangers write into the lines of HTTP, and what is made of it.

#include "chapters/10-registry/server/http_message.hpp"

#include <cstdint>
#include "chapters/10-registry/server/listen.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright::http;
using Kind = RangeAsked::Kind;

namespace {

RangeAsked part(std::uint64_t first, std::uint64_t end) {
  return {.kind = Kind::part, .range = {.first = first, .end = end}};
}

}  // namespace

TEST_CASE("a target is a path and a query, without their percent signs", "[http]") {
  const auto target = Target::parse("/v2/a%2Fb/x?digest=sha256%3Aab&n=2&flag&=&n=3");
  REQUIRE(target);
  CHECK(target->path == "/v2/a/b/x");
  CHECK(target->find("digest") == "sha256:ab");
  CHECK(target->find("n") == "2");
  CHECK(target->find("flag") == "");
  CHECK_FALSE(target->find("other"));
}

TEST_CASE("a target that is none is refused", "[http][security]") {
  const std::string hostile =
      GENERATE("", "*", "http://host/v2/", "v2/", "/v2/%", "/v2/%4", "/v2/%zz", "/v2/%00", "/v2/%0a",
               "/v2/%0D%0Ax", "/v2/%7f", "/x?n=%", "/x?%00=1", "/x?a=%1b[2J");
  CAPTURE(hostile);
  CHECK_FALSE(Target::parse(hostile));
}

TEST_CASE("a range is cut to what there is", "[http]") {
  CHECK(parse_range("bytes=0-9", 100) == part(0, 10));
  CHECK(parse_range("bytes=50-", 100) == part(50, 100));
  CHECK(parse_range("bytes=90-1000", 100) == part(90, 100));
  CHECK(parse_range("bytes=-10", 100) == part(90, 100));
  CHECK(parse_range("bytes=-1000", 100) == part(0, 100));
  CHECK(parse_range("bytes=99-99", 100) == part(99, 100));
}

TEST_CASE("a range beyond the end is told apart from one that makes no sense", "[http]") {
  for (const char* const beyond : {"bytes=100-", "bytes=100-200", "bytes=-0"}) {
    CAPTURE(beyond);
    CHECK(parse_range(beyond, 100).kind == Kind::beyond);
  }
  CHECK(parse_range("bytes=0-", 0).kind == Kind::beyond);
  for (const char* const nonsense :
       {"", "bytes", "bytes=", "bytes=-", "bytes=9-3", "bytes=a-b", "bytes=0-9,20-29", "bytes= 0-9",
        "bytes=0x1-2", "lines=0-9", "bytes=99999999999999999999-", "bytes=-5-", "bytes=+1-2"}) {
    CAPTURE(nonsense);
    CHECK(parse_range(nonsense, 100).kind == Kind::whole);
  }
}

TEST_CASE("a number is digits alone, and fits", "[http]") {
  CHECK(parse_number("0") == 0);
  CHECK(parse_number("18446744073709551615") == 18446744073709551615U);
  for (const char* const text : {"", "-1", "+1", " 1", "1 ", "0x10", "1e3", "18446744073709551616"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_number(text));
  }
}

TEST_CASE("headers of one name are joined, whatever the order", "[http]") {
  const Request request{.headers = {{"accept", "a"}, {"x", "y"}, {"accept", "b"}}};
  CHECK(request.header("accept") == "a, b");
  CHECK_FALSE(request.header("range"));
}

TEST_CASE("what is percent-encoded comes back", "[http]") {
  const std::string text = "a b/ü?&=%\"<>";
  const auto target = Target::parse("/" + percent_encode(text));
  REQUIRE(target);
  CHECK(target->path == "/" + text);
}

TEST_CASE("loopback is what no other machine reaches", "[http]") {
  for (const char* const own : {"127.0.0.1", "127.1.2.3", "::1"}) CHECK(is_loopback(own));
  for (const char* const open : {"0.0.0.0", "::", "10.0.0.1", "localhost", "", "128.0.0.1"}) {
    CAPTURE(open);
    CHECK_FALSE(is_loopback(open));
  }
}
