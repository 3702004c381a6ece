#include "common/digest.hpp"

#include "common/check.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {
// FIPS 180-2, appendix B.1, and the digest of nothing, as sha256sum prints them.
const std::string kAbc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const std::string kNothing = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
}  // namespace

TEST_CASE("a digest is that of the standard's examples", "[digest]") {
  CHECK(Digest::of("abc").str() == kAbc);
  CHECK(Digest::of("").str() == kNothing);
}

TEST_CASE("bytes may come in pieces, and a hasher may be used again", "[digest]") {
  Hasher hasher;
  hasher.update("a");
  hasher.update("");
  hasher.update("bc");
  CHECK(hasher.finish().str() == kAbc);
  CHECK(hasher.finish().str() == kNothing);
}

TEST_CASE("only what is written as a digest is one", "[digest]") {
  CHECK(Digest::parse(kAbc).hex() == kAbc.substr(7));
  CHECK(Digest::parse(kAbc).short_hex() == "ba7816bf8f01");
  const std::vector<std::string> all_wrong{
      "",
      "sha256:",
      kAbc.substr(7),
      kAbc + "0",
      kAbc.substr(0, 70),
      "SHA256:" + kAbc.substr(7),
      "sha256:../../../../../../etc/passwd" + std::string(36, '0'),
      "sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"};
  for (const std::string& wrong : all_wrong) {
    INFO(wrong);
    CHECK_FALSE(Digest::try_parse(wrong).has_value());
    CHECK_THROWS_AS(Digest::parse(wrong), Failure);
  }
}
