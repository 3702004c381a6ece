// What an archive may ask for: each limit stops an archive that was made for it, and is named.

#include "chapters/08-layers/archive_limits.hpp"

#include <cstdint>

#include <fmt/format.h>

#include "common/check.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/layers/archives.hpp"
#include "tests/unit/layers/layer_room.hpp"

using namespace dockwright;

namespace {

struct Bomb {
  const char* name;
  const char* limit;   ///< As `--archive-limit` has it: too little for this archive …
  const char* enough;  ///< … and enough.
  std::string archive;
};

std::string of_depth(int depth) {
  std::string name = "a";
  while (--depth > 0) name += "/a";
  return archive_of({{.type = '0', .name = "x", .data = "x", .pax = {{"path", name}}}});
}

std::string many(int count) {
  std::vector<Member> members;
  for (int i = 0; i < count; ++i) members.push_back(file(std::to_string(i)));
  return archive_of(members);
}

std::string sparse(std::uint64_t size) {
  std::string map = "0\n";
  map.resize(512, '\0');
  return archive_of({{.type = '0',
                      .name = "x",
                      .data = map,
                      .pax = {{"GNU.sparse.major", "1"},
                              {"GNU.sparse.minor", "0"},
                              {"GNU.sparse.name", "f"},
                              {"GNU.sparse.realsize", std::to_string(size)}}}});
}

std::vector<Bomb> bombs() {
  return {
      {"entries", "entries=99", "entries=100", many(100)},
      {"bytes", "bytes=1m", "bytes=4m", gzip_of(archive_of({file("zeros", std::string(3'000'000, '\0'))}))},
      {"files", "file_bytes=2m", "file_bytes=4m", archive_of({file("zeros", std::string(3'000'000, '\0'))})},
      {"a file that is one hole", "file_bytes=64g", "file_bytes=2048g", sparse(1ULL << 40U)},
      {"holes", "bytes=512g", "bytes=2048g", sparse(1ULL << 40U)},
      {"a long name", "header_bytes=8k", "header_bytes=64k",
       archive_of({{.type = '0', .name = "x", .pax = {{"comment", std::string(20'000, 'x')}}}})},
      {"a deep path", "path_depth=99", "path_depth=100", of_depth(100)},
      {"ratio", "ratio=100", "ratio=2000",
       gzip_of(archive_of({file("zeros", std::string(80'000'000, '\0'))}))},
  };
}

ArchiveLimits limits_of(const char* text) {
  ArchiveLimits limits;
  limits.file_bytes = 1ULL << 42U;
  limits.bytes = 1ULL << 42U;
  set_archive_limit(limits, text);
  return limits;
}

}  // namespace

TEST_CASE("a bomb stops at its limit, which is named with its value and its option", "[layers][security]") {
  for (const Bomb& bomb : bombs()) DYNAMIC_SECTION(bomb.name) {
      const LayerRoom room;
      const std::string failure = room.failure(bomb.archive, limits_of(bomb.limit));
      const std::string name{bomb.limit, std::string{bomb.limit}.find('=')};
      CAPTURE(failure);
      CHECK(contains(failure, "more than the archive limit " + name + "="));
      CHECK(contains(failure, "--archive-limit " + name + "=VALUE raises it"));
      const LayerRoom other;
      CHECK(other.failure(bomb.archive, limits_of(bomb.enough)) == "");
    }
}

TEST_CASE("a header larger than any memory is refused at its size", "[layers][security]") {
  // A PAX header that claims 8 GiB; only its first block is there.
  std::string header = blocks_of({.type = 'x', .name = "pax"});
  header.replace(124, 11, "77777777777");
  header.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  header.replace(148, 7, fmt::format("{:06o}", sum) + '\0');
  const LayerRoom room;
  CHECK(contains(room.failure(header + many(1)), "header_bytes"));
}

TEST_CASE("ten thousand headers before one entry do not exhaust the stack", "[layers][security]") {
  std::string archive;
  for (int i = 0; i < 10'000; ++i)
    archive += blocks_of({.type = 'L', .name = "././@LongLink", .data = std::string{"name\0", 5}});
  const LayerRoom room;
  static_cast<void>(room.failure(archive + many(1)));  // refused or not: it comes back
  CHECK(room.is_unharmed());
}

TEST_CASE("a limit is given as NAME=VALUE", "[layers]") {
  ArchiveLimits limits;
  set_archive_limit(limits, "bytes=1.5g");
  set_archive_limit(limits, "entries=12");
  set_archive_limit(limits, "ratio=7");
  CHECK(limits.bytes == 3ULL << 29U);
  CHECK(limits.entries == 12);
  CHECK(limits.ratio == 7);
  for (const char* const wrong :
       {"", "bytes", "bytes=", "bytes=-1", "entries=0", "entries=1.5", "size=1g", "=1"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(set_archive_limit(limits, wrong), Failure);
  }
}
