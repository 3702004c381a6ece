// What a registry says in headers and small documents: whatever the bytes, they are understood or left alone.

#include "chapters/10-registry/client/authorizer.hpp"

#include <cstdint>
#include "chapters/10-registry/client/base64.hpp"
#include "chapters/10-registry/client/challenge.hpp"
#include "chapters/10-registry/client/repository.hpp"
#include "chapters/10-registry/client/rules.hpp"
#include "chapters/10-registry/client/upload.hpp"
#include "common/check.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace dockwright;

namespace {

/// Whether nothing in it can begin another header.
bool is_one_line(std::string_view text) { return text.find_first_of("\r\n") == std::string_view::npos; }

/// A redirect, or a realm, that is followed leads to http or https, and not from TLS to none.
void go(const std::string& text) {
  const Url safe = Url::parse("https://registry.example/v2/");
  try {
    const Url next = follow_redirect({}, safe, text, 1);
    if (next.origin.scheme != "https") fuzz::fail("a redirect stays in TLS");
    if (!is_one_line(next.str())) fuzz::fail("an address is one line");
    if (!(Url::parse(next.str()) == next)) fuzz::fail("an address means the same when it is read again");
  } catch (const Failure&) {
    // It leads nowhere.
  }
  try {
    const Url realm = check_realm({}, safe.origin, text, true);
    if (realm.origin.host != "registry.example") fuzz::fail("a password goes to the registry's host");
  } catch (const Failure&) {
    // It is no realm.
  }
}

}  // namespace

std::vector<std::string> fuzz::seeds() {
  return {R"(Bearer realm="https://registry.example/token",service="s",scope="repository:x:pull,push")",
          R"(Basic realm="a", Bearer realm="b",service="c")",
          R"(Bearer realm="with \"quotes\" and , commas)",
          R"(Negotiate, Basic x=)",
          R"({"token": "abc", "expires_in": 300})",
          R"({"access_token": "a b", "refresh_token": "r"})",
          R"(</v2/x/tags/list?n=2&last=b>; rel="next")",
          "0-1023",
          "120",
          "Thu, 01 Jan 1970 00:01:00 GMT",
          "https://registry.example:5000/token?a=b#c",
          "https://u:p@registry.example/",
          "http://127.0.0.1/",
          "//other.example/x",
          "/v2/x/blobs/uploads/uuid?_state=a%20b",
          "file:///etc/passwd",
          "https://registry.example\r\nX: y",
          "YWxpY2U6c2VjcmV0"};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{reinterpret_cast<const char*>(data), size};
  for (const Challenge& challenge : parse_challenges(text))
    if (challenge.scheme.empty()) fuzz::fail("a challenge has a scheme");
  static_cast<void>(parse_retry_after(text, 1'000'000));
  static_cast<void>(next_link(text));
  static_cast<void>(received_bytes(text));
  if (const auto bytes = from_base64(text))
    if (from_base64(to_base64(*bytes)) != bytes) fuzz::fail("base64 goes there and back");
  try {
    if (!is_one_line(parse_token("token", text).value)) fuzz::fail("a token is one line");
  } catch (const Failure&) {
    // It is none.
  }
  go(text);
  return 0;
}
