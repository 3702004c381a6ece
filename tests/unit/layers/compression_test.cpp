// Compressed bytes: what is packed comes back; what is damaged, cut off or longer than it says is told so.

#include "chapters/08-layers/compression.hpp"

#include <random>

#include "common/check.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/layers/archives.hpp"

using namespace dockwright;

namespace {

/// Gives its bytes in crumbs of `size`.
class Crumbs : public Source {
 public:
  Crumbs(std::string bytes, std::size_t size) : bytes_{std::move(bytes)}, size_{size} {}
  std::string_view next() override {
    crumb_ = bytes_.substr(at_, size_);  // a copy: what was given before is gone
    at_ += crumb_.size();
    return crumb_;
  }

 private:
  std::string bytes_, crumb_{};
  std::size_t size_, at_ = 0;
};

std::string unpacked(const std::string& bytes, std::size_t crumb = 1'000'000) {
  const auto source = decompressed(std::make_unique<Crumbs>(bytes, crumb));
  MemorySink all;
  copy(*source, all);
  CHECK(source->next().empty());  // the end stays the end
  return all.bytes();
}

std::string failure(const std::string& bytes) {
  try {
    unpacked(bytes);
    return "";
  } catch (const Failure& error) {
    return error.what();
  }
}

/// Half of it text, half of it noise.
std::string mixed(std::size_t size) {
  std::mt19937 random{42};
  std::string text;
  while (text.size() < size) {
    text += "the same words again and again ";
    for (int i = 0; i < 32; ++i) text += static_cast<char>(random());
  }
  text.resize(size);
  return text;
}

std::string packed(const std::string& plain, bool by_gzip) {
  return by_gzip ? gzip_of(plain) : zstd_of(plain);
}

}  // namespace

TEST_CASE("what is packed comes back, in whichever pieces it comes", "[compression]") {
  const bool by_gzip = GENERATE(true, false);
  for (const std::size_t size : {0U, 1U, 1000U, 262'144U, 3'000'001U}) {
    CAPTURE(by_gzip, size);
    const std::string plain = mixed(size);
    CHECK(unpacked(packed(plain, by_gzip)) == plain);
    CHECK(unpacked(packed(plain, by_gzip), 1000) == plain);
    if (size < 2000) CHECK(unpacked(packed(plain, by_gzip), 1) == plain);
  }
}

TEST_CASE("what is not packed passes as it is, in whichever pieces it comes", "[compression]") {
  for (const std::string& plain : std::vector<std::string>{"", "a", "plain text", "\x1f"}) {
    CHECK(unpacked(plain) == plain);
    CHECK(unpacked(plain, 1) == plain);
  }
}

TEST_CASE("compression is told by the first bytes alone", "[compression]") {
  CHECK(detect(gzip_of("x")) == Compression::gzip);
  CHECK(detect(zstd_of("x")) == Compression::zstd);
  CHECK(detect(std::string{"\x50\x2a\x4d\x18", 4}) == Compression::zstd);
  CHECK(detect("x") == Compression::none);
  CHECK(detect("") == Compression::none);
}

TEST_CASE("members and frames may follow each other", "[compression]") {
  const bool by_gzip = GENERATE(true, false);
  const std::string both = packed("first ", by_gzip) + packed("", by_gzip) + packed("second", by_gzip);
  CHECK(unpacked(both) == "first second");
  CHECK(unpacked(both, 1) == "first second");
}

TEST_CASE("a skippable frame of zstd is passed over", "[compression]") {
  const std::string skippable{"\x5a\x2a\x4d\x18\x03\x00\x00\x00xyz", 11};
  CHECK(unpacked(skippable + zstd_of("a") + skippable + zstd_of("b")) == "ab");
}

TEST_CASE("data that is cut off anywhere is an error that says so", "[compression]") {
  const bool by_gzip = GENERATE(true, false);
  const std::string whole = packed(mixed(1500), by_gzip);
  for (std::size_t size = 4; size < whole.size(); ++size) {
    CAPTURE(by_gzip, size, whole.size());
    CHECK(contains(failure(whole.substr(0, size)), "truncated"));
  }
}

TEST_CASE("a long text that is cut off at its last byte is an error", "[compression]") {
  const bool by_gzip = GENERATE(true, false);
  std::string whole = packed(std::string(5'000'000, 'a'), by_gzip);
  whole.pop_back();
  CHECK(contains(failure(whole), "truncated"));
}

TEST_CASE("what follows behind the end is an error that says so", "[compression]") {
  const bool by_gzip = GENERATE(true, false);
  for (const std::string& rest :
       {std::string{"x"}, std::string{"garbage behind it"}, std::string(1, '\0'), std::string(512, '\0')}) {
    CAPTURE(by_gzip, rest);
    CHECK(contains(failure(packed("whole", by_gzip) + rest), "what follows near byte"));
  }
}

TEST_CASE("a flipped bit is an error, or makes no difference to what comes out", "[compression]") {
  const bool by_gzip = GENERATE(true, false);
  const std::string plain = mixed(1500);
  const std::string whole = packed(plain, by_gzip);
  int refused = 0;
  for (std::size_t bit = 32; bit < 8 * whole.size(); ++bit) {
    std::string damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    CAPTURE(by_gzip, bit);
    try {
      const std::string result = unpacked(damaged);
      CHECK(result == plain);  // a bit of the header that means nothing
    } catch (const Failure&) {
      ++refused;
    }
  }
  CHECK(refused > static_cast<int>(7 * whole.size()));
}

TEST_CASE("the same input gives the same packed bytes", "[compression]") {
  const std::string plain = mixed(700'000);
  for (const Compression kind : {Compression::gzip, Compression::zstd}) {
    MemorySink first, second;
    const auto at_once = compressed(first, kind);
    at_once->write(plain);
    at_once->finish();
    const auto in_pieces = compressed(second, kind);
    for (std::size_t at = 0; at < plain.size(); at += 777) in_pieces->write(plain.substr(at, 777));
    in_pieces->finish();
    CHECK(first.bytes() == second.bytes());
  }
}

TEST_CASE("a gzip header of ours holds no time and no name", "[compression]") {
  CHECK(gzip_of("x").substr(0, 10) == std::string("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10));
}

TEST_CASE("a source that hashes counts what passes", "[compression]") {
  HashingSource source{std::make_unique<Crumbs>("layer", 2)};
  MemorySink memory;
  HashingSink sink{memory};
  copy(source, sink);
  CHECK(source.bytes() == 5);
  CHECK(source.digest() == Digest::of("layer"));
  CHECK(sink.digest() == Digest::of("layer"));
  CHECK(memory.bytes() == "layer");
}
