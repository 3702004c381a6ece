#include "chapters/09-images/reference.hpp"

#include "common/check.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

const std::string kHex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const std::string kDigest = "sha256:" + kHex;

struct Good {
  std::string text;
  std::string whole;
  std::string familiar;
};

const std::vector<Good> kGood = {
    {"flask", "docker.io/library/flask:latest", "flask:latest"},
    {"flask:2.0_x-Y", "docker.io/library/flask:2.0_x-Y", "flask:2.0_x-Y"},
    {"alice/flask", "docker.io/alice/flask:latest", "alice/flask:latest"},
    {"docker.io/flask", "docker.io/library/flask:latest", "flask:latest"},
    {"docker.io/library/flask", "docker.io/library/flask:latest", "flask:latest"},
    {"index.docker.io/alice/flask:1", "docker.io/alice/flask:1", "alice/flask:1"},
    {"library/flask", "docker.io/library/flask:latest", "flask:latest"},
    {"localhost/flask", "localhost/flask:latest", "localhost/flask:latest"},
    {"localhost:5000/flask", "localhost:5000/flask:latest", "localhost:5000/flask:latest"},
    {"localhost:5000", "docker.io/library/localhost:5000", "localhost:5000"},
    {"Registry.Example.ORG/a/b/c:v1", "Registry.Example.ORG/a/b/c:v1", "Registry.Example.ORG/a/b/c:v1"},
    {"xn--bcher-kva.example/x", "xn--bcher-kva.example/x:latest", "xn--bcher-kva.example/x:latest"},
    {"127.0.0.1:5000/x", "127.0.0.1:5000/x:latest", "127.0.0.1:5000/x:latest"},
    {"[::1]:5000/x:1", "[::1]:5000/x:1", "[::1]:5000/x:1"},
    {"[2001:db8::1]/x", "[2001:db8::1]/x:latest", "[2001:db8::1]/x:latest"},
    {"a.b/c", "a.b/c:latest", "a.b/c:latest"},
    {"docker.io/a.b/c", "docker.io/a.b/c:latest", "docker.io/a.b/c:latest"},
    {"docker.io/localhost/c", "docker.io/localhost/c:latest", "docker.io/localhost/c:latest"},
    {"docker.io/library/" + kHex, "docker.io/library/" + kHex + ":latest", "library/" + kHex + ":latest"},
    {"a__b/c--d/e.f/g_h", "docker.io/a__b/c--d/e.f/g_h:latest", "a__b/c--d/e.f/g_h:latest"},
    {"x---------------y", "docker.io/library/x---------------y:latest", "x---------------y:latest"},
    {"flask@" + kDigest, "docker.io/library/flask@" + kDigest, "flask@" + kDigest},
    {"flask:1@" + kDigest, "docker.io/library/flask:1@" + kDigest, "flask:1@" + kDigest},
    {"x:" + std::string(128, 't'), "docker.io/library/x:" + std::string(128, 't'),
     "x:" + std::string(128, 't')},
    {"r.io/" + std::string(255, 'n'), "r.io/" + std::string(255, 'n') + ":latest",
     "r.io/" + std::string(255, 'n') + ":latest"},
    {kHex.substr(1), "docker.io/library/" + kHex.substr(1) + ":latest", kHex.substr(1) + ":latest"},
};

struct Bad {
  std::string text;
  std::string reason;
};

const std::vector<Bad> kBad = {
    {"", "empty"},
    {"Flask", "small letters: flask"},
    {"alice/Flask:V1", "small letters: alice/flask"},
    {"Alice/flask", "small letters: alice/flask"},
    {kHex, "an ID"},
    {"https://r.io/x", "scheme"},
    {"docker://x", "scheme"},
    {"..", "no part of a name"},
    {"../x", "no HOST"},
    {"a/../b", "no part of a name"},
    {"/x", "no part of a name"},
    {"x/", "no part of a name"},
    {"a//b", "no part of a name"},
    {"-x", "no part of a name"},
    {"x-", "no part of a name"},
    {".x", "no part of a name"},
    {"a___b", "no part of a name"},
    {"a..b", "no part of a name"},
    {"a._b", "no part of a name"},
    {"a b", "no part of a name"},
    {"a\nb", "no part of a name"},
    {std::string("a\0b", 3), "no part of a name"},
    {"b\xc3\xbc"
     "cher",
     "no part of a name"},
    {"x:", "no tag"},
    {"x:.t", "no tag"},
    {"x:-t", "no tag"},
    {"x:a:b", "no tag"},
    {"x:a/b", "no HOST"},
    {"x:" + std::string(129, 't'), "no tag"},
    {"r.io/" + std::string(256, 'n'), "longer than 255"},
    {std::string(248, 'n'), "longer than 255"},  // with its library/
    {std::string(5000, 'n'), "far too long"},
    {"x@", "not a digest"},
    {"x@sha256:abc", "not a digest"},
    {"x@md5:d41d8cd98f00b204e9800998ecf8427e", "only sha256"},
    {"x@" + kDigest + "@" + kDigest, "not a digest"},
    {"x@sha256:" + std::string(64, 'A'), "not a digest"},
    {"@" + kDigest, "no name"},
    {":tag", "no name"},
    {"r.io:0/x", "no HOST"},
    {"r.io:65536/x", "no HOST"},
    {"r.io:/x", "no HOST"},
    {"r.io:5a/x", "no HOST"},
    {"-r.io/x", "no HOST"},
    {"r..io/x", "no HOST"},
    {"r_x.io/x", "no HOST"},
    {"user@r.io/x", "not a digest"},
    {"[::1/x", "no HOST"},
    {"[::g]/x", "no HOST"},
    {"[::1%eth0]/x", "no HOST"},
    {std::string("[::1\0?evil]:5000/x", 19), "no HOST"},
    {"[]/x", "no part of a name"},
};

}  // namespace

TEST_CASE("a name is completed as Docker does, and shown short", "[reference]") {
  for (const Good& good : kGood) {
    CAPTURE(good.text);
    const Reference reference = Reference::parse(good.text);
    CHECK(reference.str() == good.whole);
    CHECK(reference.familiar() == good.familiar);
    CHECK(Reference::parse(reference.str()) == reference);
    CHECK(Reference::parse(reference.familiar()) == reference);
  }
}

TEST_CASE("a name that is none is refused with the reason", "[reference][security]") {
  for (const Bad& bad : kBad) {
    CAPTURE(bad.text);
    CHECK_FALSE(Reference::try_parse(bad.text));
    try {
      (void)Reference::parse(bad.text);
    } catch (const Failure& failure) {
      CAPTURE(failure.what());
      CHECK(contains(failure.what(), bad.reason));
    }
  }
}

TEST_CASE("the parts of a name are told apart", "[reference]") {
  const Reference reference = Reference::parse("localhost:5000/alice/flask:2@" + kDigest);
  CHECK(reference.registry() == "localhost:5000");
  CHECK(reference.repository() == "alice/flask");
  CHECK(reference.tag() == "2");
  CHECK(reference.digest() == Digest::parse(kDigest));
  CHECK(reference.familiar_name() == "localhost:5000/alice/flask");
  CHECK(reference.with_tag("3").str() == "localhost:5000/alice/flask:3");
  CHECK(reference.with_digest(Digest::parse(kDigest)).str() == "localhost:5000/alice/flask@" + kDigest);
  CHECK_THROWS_AS(reference.with_tag("a b"), Failure);
}

TEST_CASE("a tag that was left out is latest, unless all are meant or there is a digest", "[reference]") {
  CHECK(Reference::parse("flask").tag() == "latest");
  CHECK_FALSE(Reference::parse("flask", DefaultTag::none).tag());
  CHECK_FALSE(Reference::parse("flask@" + kDigest).tag());
}
