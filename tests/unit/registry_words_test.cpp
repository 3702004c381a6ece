// The small languages of HTTP that a registry speaks: challenges, tokens, waits, links and ranges.

#include "chapters/10-registry/client/authorizer.hpp"
#include "chapters/10-registry/client/base64.hpp"
#include "chapters/10-registry/client/challenge.hpp"
#include "chapters/10-registry/client/patience.hpp"
#include "chapters/10-registry/client/progress.hpp"
#include "chapters/10-registry/client/repository.hpp"
#include "chapters/10-registry/client/session.hpp"
#include "chapters/10-registry/client/upload.hpp"
#include "common/check.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;
using namespace std::chrono_literals;

TEST_CASE("a challenge is read as its grammar has it", "[registry]") {
  struct Row {
    const char* header;
    std::vector<Challenge> challenges;
  };
  const Row rows[] = {
      {R"(Bearer realm="https://a.example/token",service="a.example",scope="repository:x:pull,push")",
       {{"bearer",
         {{"realm", "https://a.example/token"},
          {"service", "a.example"},
          {"scope", "repository:x:pull,push"}}}}},
      {R"(Basic realm="Registry Realm")", {{"basic", {{"realm", "Registry Realm"}}}}},
      {R"(basic REALM=plain)", {{"basic", {{"realm", "plain"}}}}},
      {R"(Basic realm="a", Bearer realm="b",service="c")",
       {{"basic", {{"realm", "a"}}}, {"bearer", {{"realm", "b"}, {"service", "c"}}}}},
      {R"(Negotiate, Basic realm="x")", {{"negotiate", {}}, {"basic", {{"realm", "x"}}}}},
      {R"(Bearer  realm = "a" , service= "b")", {{"bearer", {{"realm", "a"}, {"service", "b"}}}}},
      {R"(Bearer realm="with \"quotes\" and , commas")",
       {{"bearer", {{"realm", "with \"quotes\" and , commas"}}}}},
      {R"(Bearer realm="first",realm="second")", {{"bearer", {{"realm", "first"}}}}},  // no smuggling
      {R"(Bearer realm="never ends)", {{"bearer", {}}}},
      {R"(Bearer realm=,service="b")", {{"bearer", {{"realm", ""}, {"service", "b"}}}}},
      {R"(realm="nobody's")", {}},
      {"", {}},
      {", ,,", {}},
      {"\"\"\"", {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.header);
    CHECK(parse_challenges(row.header) == row.challenges);
  }
}

TEST_CASE("a token is told by either name, and never begins a header of its own", "[registry][security]") {
  CHECK(parse_token("t", R"({"token": "abc", "expires_in": 300})").value == "abc");
  CHECK(parse_token("t", R"({"token": "abc", "expires_in": 300})").valid_for == 300s);
  CHECK(parse_token("t", R"({"access_token": "abc"})").valid_for == 60s);
  CHECK(parse_token("t", R"({"token": "a", "refresh_token": "r"})").refresh == "r");
  CHECK(parse_token("t", R"({"token": "a", "expires_in": -5})").valid_for == 60s);
  for (const char* const text : {R"({})", R"({"token": ""})", R"({"token": "a\r\nX-Evil: 1"})",
                                 R"({"token": "a b"})", R"({"token": 7})", R"([])", "not JSON"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_token("t", text), Failure);
  }
  CHECK_THROWS_AS(parse_token("t", R"({"token": ")" + std::string(70'000, 'x') + "\"}"), Failure);
}

TEST_CASE("an answer that is no token is told of without what stands in it", "[registry][security]") {
  try {
    static_cast<void>(parse_token("t", R"({"token": eyJhbGci})"));
    FAIL("it was taken");
  } catch (const Failure& failure) {
    CHECK_FALSE(contains(failure.what(), "eyJ"));
  }
}

TEST_CASE("Retry-After is seconds or a date", "[registry]") {
  CHECK(parse_retry_after("120", 0) == 120'000ms);
  CHECK(parse_retry_after(" 7 ", 0) == 7'000ms);
  CHECK(parse_retry_after("0", 0) == 0ms);
  CHECK(parse_retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 20) == 40'000ms);
  CHECK(parse_retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 100) == 0ms);  // it is past
  for (const char* const text : {"", "-1", "soon", "1.5", "99999999999999999999"})
    CHECK_FALSE(parse_retry_after(text, 0).has_value());
}

TEST_CASE("waits double, chance spreads them, and there is a longest", "[registry]") {
  const Patience patience;
  CHECK(wait_before(patience, 2, 0, std::nullopt) == 125ms);
  CHECK(wait_before(patience, 2, 1, std::nullopt) == 250ms);
  CHECK(wait_before(patience, 4, 1, std::nullopt) == 1'000ms);
  CHECK(wait_before(patience, 50, 1, std::nullopt) == 20'000ms);
  CHECK(wait_before(patience, 2, 0, 5'000ms) == 5'000ms);  // the server asks for more
  CHECK(wait_before(patience, 50, 1, 1ms) == 20'000ms);    // or for less
}

TEST_CASE("what may go better the next time is tried again, and nothing else", "[registry]") {
  for (const long status : {408L, 429L, 500L, 502L, 503L, 504L}) CHECK(is_worth_repeating(status));
  for (const long status : {200L, 206L, 301L, 400L, 401L, 403L, 404L, 416L, 501L})
    CHECK_FALSE(is_worth_repeating(status));
}

TEST_CASE("the next page of a list is found in its Link", "[registry]") {
  CHECK(next_link(R"(</v2/x/tags/list?n=2&last=b>; rel="next")") == "/v2/x/tags/list?n=2&last=b");
  CHECK(next_link("<https://a.example/v2/x>; rel=next") == "https://a.example/v2/x");
  for (const char* const header : {"", "</v2/x>; rel=\"prev\"", "rel=\"next\"", ">/v2/x<; rel=\"next\""})
    CHECK_FALSE(next_link(header).has_value());
}

TEST_CASE("a registry says how much of an upload it has", "[registry]") {
  CHECK(received_bytes("0-1023") == 1024U);
  CHECK(received_bytes("bytes=0-9") == 10U);
  CHECK(received_bytes("0-0") == 0U);
  for (const char* const header : {"", "1-5", "0-", "0-x", "-5", "0-99999999999999999999"})
    CHECK_FALSE(received_bytes(header).has_value());
}

TEST_CASE("base64 goes there and back, and refuses what it is not", "[registry]") {
  CHECK(to_base64("alice:secret") == "YWxpY2U6c2VjcmV0");
  CHECK(from_base64("YWxpY2U6c2VjcmV0") == "alice:secret");
  CHECK(from_base64(to_base64(std::string("\0\xff", 2))) == std::string("\0\xff", 2));
  for (const char* const text : {"YWx", "****", "YWxp=Y2U"}) CHECK_FALSE(from_base64(text).has_value());
}

TEST_CASE("a registry's own words are told, without what steers a terminal", "[registry]") {
  CHECK(words_of({.status = 404}) == "404 Not Found");
  CHECK(words_of({.status = 400,
                  .body = R"({"errors": [{"code": "DIGEST_INVALID", "message": "no \u001b[31m match"}]})"}) ==
        R"(400 (DIGEST_INVALID: no \x1b[31m match))");
  CHECK(words_of({.status = 502, .body = "<html>"}) == "502");
  CHECK(words_of({.status = 400, .body = R"({"errors": 7})"}) == "400");
}

TEST_CASE("a bar is as long as it should be", "[registry]") {
  CHECK(bar(0, 100, 10) == "[>         ]");
  CHECK(bar(50, 100, 10) == "[=====>    ]");
  CHECK(bar(100, 100, 10) == "[==========]");
  CHECK(bar(500, 100, 10) == "[==========]");
  CHECK(bar(0, 0, 10) == "[>         ]");
}
