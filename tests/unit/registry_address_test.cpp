// Where a client of registries goes, and where it does not: addresses, redirects, and who keeps tokens.

#include "chapters/10-registry/client/rules.hpp"
#include "chapters/10-registry/client/settings.hpp"
#include "chapters/10-registry/client/url.hpp"
#include "common/check.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

/// The error that `body` ends with; empty if it does not.
template <typename Body>
std::string failure_of(const Body& body) {
  try {
    body();
  } catch (const Failure& failure) {
    return failure.what();
  }
  return {};
}

}  // namespace

TEST_CASE("an address is taken apart into origin and target", "[registry]") {
  const Url url = Url::parse("https://Registry.Example:5000/v2/a/b?x=1&y=%2F");
  CHECK(url.origin == Origin{"https", "registry.example", 5000});
  CHECK(url.target == "/v2/a/b?x=1&y=%2F");
  CHECK(url.str() == "https://registry.example:5000/v2/a/b?x=1&y=%2F");
  CHECK(url.shown() == "https://registry.example:5000/v2/a/b");
  CHECK(Url::parse("http://a.example").str() == "http://a.example/");
  CHECK(Url::parse("https://[::1]:5000/").origin.host == "[::1]");
  CHECK(Url::parse("https://a.example:443/").origin == Url::parse("https://a.example/").origin);
}

TEST_CASE("nothing but http and https is an address, and nobody's name is in it", "[registry][security]") {
  for (const char* const text :
       {"file:///etc/passwd", "FILE:///etc/passwd", "ftp://a.example/", "gopher://a.example/", "scp://a/b",
        "dict://127.0.0.1:11211/", "javascript://x/", "unix:///run/docker.sock", "", "/v2/", "https://",
        "https:///v2/", "http://a b/", "https://a.example:99999/"}) {
    CAPTURE(text);
    CHECK_FALSE(failure_of([&] { static_cast<void>(Url::parse(text)); }).empty());
  }
  const std::string said =
      failure_of([] { static_cast<void>(Url::parse("https://alice:secret@a.example/")); });
  CHECK(contains(said, "a name or password has no place in it"));
  CHECK_FALSE(contains(said, "secret"));
}

TEST_CASE("a relative address is meant from where one stands", "[registry]") {
  const Url here = Url::parse("https://a.example/v2/x/blobs/uploads/?n=1");
  CHECK(here.resolve("/v2/y").str() == "https://a.example/v2/y");
  CHECK(here.resolve("uuid?state=s").str() == "https://a.example/v2/x/blobs/uploads/uuid?state=s");
  CHECK(here.resolve("//b.example/z").str() == "https://b.example/z");
  CHECK(here.resolve("http://c.example/").str() == "http://c.example/");
  CHECK_THROWS_AS(here.resolve("file:///etc/passwd"), Failure);
  CHECK_THROWS_AS(here.resolve("https://u:p@b.example/"), Failure);
}

TEST_CASE("this machine is told from its look-alikes", "[registry][security]") {
  for (const char* const host : {"localhost", "127.0.0.1", "127.8.9.10", "[::1]"}) CHECK(is_loopback(host));
  for (const char* const host : {"localhost.example", "127.0.0.1.example", "128.0.0.1", "127.1", "0.0.0.0",
                                 "::1", "[::2]", "notlocalhost", "1270.0.0.1", ""})
    CHECK_FALSE(is_loopback(host));
}

TEST_CASE("a redirect goes where the rules let it", "[registry][security]") {
  struct Row {
    const char* from;
    const char* location;
    const char* to;  ///< Empty: nowhere.
  };
  const Row rows[] = {
      {"https://a.example/v2/", "https://b.example/x", "https://b.example/x"},
      {"https://a.example/v2/", "/x", "https://a.example/x"},
      {"https://a.example/v2/", "http://a.example/v2/", ""},  // from TLS to none
      {"https://a.example/v2/", "http://127.0.0.1/x", ""},    // a stranger sends us to ourselves
      {"https://127.0.0.1/v2/", "http://127.0.0.1/x", ""},    // from TLS to none, here, too
      {"http://127.0.0.1:1/v2/", "http://127.0.0.1:2/x", "http://127.0.0.1:2/x"},
      {"http://127.0.0.1:1/v2/", "http://b.example/x", ""},  // neither TLS nor here
      {"http://127.0.0.1:1/v2/", "https://b.example/x", "https://b.example/x"},
      {"http://plain.example/v2/", "http://plain.example/x", "http://plain.example/x"},  // the user named it
      {"http://plain.example/v2/", "http://127.0.0.1/x", ""},
      {"http://plain.example/v2/", "http://169.254.169.254/meta-data", ""},
      {"https://a.example/v2/", "file:///etc/passwd", ""},
      {"https://a.example/v2/", "https://u:p@b.example/", ""},
  };
  const Trust trust{.insecure = {"plain.example"}};
  for (const Row& row : rows) {
    CAPTURE(row.from, row.location);
    std::string to;
    try {
      to = follow_redirect(trust, Url::parse(row.from), row.location, 1).str();
    } catch (const Failure&) {
    }
    CHECK(to == row.to);
  }
}

TEST_CASE("a sixth redirect is one too many", "[registry][security]") {
  const Url here = Url::parse("https://a.example/");
  CHECK_NOTHROW(follow_redirect({}, here, "/x", 5));
  CHECK(contains(failure_of([&] { static_cast<void>(follow_redirect({}, here, "/x", 6)); }),
                 "redirects once more, after 5 redirects"));
}

TEST_CASE("a password goes to the registry's own host, or to one that is known", "[registry][security]") {
  struct Row {
    const char* registry;
    const char* realm;
    bool anonymous;  ///< Whether one asks there without a password …
    bool password;   ///< … and with one.
  };
  const Row rows[] = {
      {"https://a.example", "https://a.example/token", true, true},
      {"https://a.example", "https://a.example:8443/token", true, true},
      {"https://a.example", "https://evil.example/token", true, false},
      {"https://a.example", "https://a.example.evil.example/token", true, false},
      {"https://a.example", "http://a.example/token", false, false},
      {"https://a.example", "http://127.0.0.1/token", false, false},
      {"https://a.example", "https://friend.example/token", true, true},  // the user named it
      {"https://registry-1.docker.io", "https://auth.docker.io/token", true, true},
      {"https://registry.gitlab.com", "https://gitlab.com/jwt/auth", true, true},
      {"https://evil.example", "https://auth.docker.io/token", true, false},
      {"http://127.0.0.1:5000", "http://127.0.0.1:5000/token", true, true},
      {"http://127.0.0.1:5000", "http://127.0.0.1:5001/token", true, false},  // another user's, maybe
      {"http://127.0.0.1:5000", "http://127.0.0.2:5001/token", true, false},
      {"http://127.0.0.1:5000", "http://b.example/token", false, false},
      {"http://plain.example", "http://127.0.0.1/token", false, false},
      {"https://a.example", "file:///etc/passwd", false, false},
      {"https://a.example", "", false, false},
  };
  const Trust trust{.insecure = {"plain.example"}, .token_realms = {"friend.example"}};
  for (const Row& row : rows) {
    CAPTURE(row.registry, row.realm);
    const Origin registry = Url::parse(row.registry).origin;
    const auto allowed = [&](bool with_password) {
      return failure_of([&] { static_cast<void>(check_realm(trust, registry, row.realm, with_password)); })
          .empty();
    };
    CHECK(allowed(false) == row.anonymous);
    CHECK(allowed(true) == row.password);
  }
}

TEST_CASE("registries.json has the keys of Docker's daemon.json", "[registry]") {
  Settings settings;
  read_registries(settings, "registries.json",
                  R"({"registry-mirrors": ["https://m.example"], "insecure-registries": ["r.example:5000"],
                      "token-realms": ["auth.example"], "log-level": "debug"})");
  CHECK(settings.mirrors == std::vector<std::string>{"https://m.example"});
  CHECK(settings.trust.is_insecure({"http", "r.example", 5000}));
  CHECK_FALSE(settings.trust.is_insecure({"http", "r.example", 80}));
  CHECK(settings.trust.token_realms == std::vector<std::string>{"auth.example"});
  CHECK(contains(
      failure_of([&] { read_registries(settings, "registries.json", R"({"registry-mirrors": [7]})"); }),
      "registries.json: /registry-mirrors/0: a text is expected here"));
}

TEST_CASE("what stands in a query is escaped", "[registry]") {
  CHECK(query_escaped("repository:a/b:pull,push") == "repository%3Aa%2Fb%3Apull%2Cpush");
  CHECK(query_escaped("a-b_c.d~e") == "a-b_c.d~e");
  CHECK(query_escaped("\r\n&=") == "%0D%0A%26%3D");
}
