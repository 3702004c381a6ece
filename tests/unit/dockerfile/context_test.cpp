// Contexts, and who would reach out of them.

#include "chapters/11-dockerfile/copy/context.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "chapters/11-dockerfile/copy/hash_cache.hpp"
#include "chapters/11-dockerfile/copy/standard_input.hpp"
#include "common/files.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/dockerfile/copy_room.hpp"
#include "tests/unit/layers/archives.hpp"

using namespace dockwright;
namespace fs = std::filesystem;
using Files = std::vector<std::string>;

namespace {

Store store_in(const CopyRoom& room) {
  return Store::open({.root = room.scratch() / "store", .durability = files::Durability::fleeting});
}

UniqueFd file_with(const CopyRoom& room, const std::string& text) {
  std::ofstream{room.scratch() / "input"} << text;
  return UniqueFd{::open((room.scratch() / "input").c_str(), O_RDONLY | O_CLOEXEC)};
}

StandardInput read(const CopyRoom& room, const Store& store, const std::string& text) {
  return read_standard_input(store, file_with(room, text), {});
}

std::size_t leftovers(const CopyRoom& room) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator{room.scratch() / "store/tmp"}, {}));
}

}  // namespace

TEST_CASE("standard input is an archive, or a Dockerfile", "[build][context]") {
  const CopyRoom room;
  const Store store = store_in(room);
  const std::string archive = archive_of({file("Dockerfile", "FROM x\n"), file("d/f", "1")});
  for (const std::string& bytes : {archive, gzip_of(archive), zstd_of(archive)}) {
    const StandardInput found = read(room, store, bytes);
    CHECK_FALSE(found.dockerfile);
    CHECK(found.context.read("Dockerfile", 100) == "FROM x\n");
    CHECK(found.context.read("d/f", 100) == "1");
    CHECK(found.context.read("none", 100) == std::nullopt);
  }
  for (const std::string text : {"FROM x\n", "", "F"}) {
    const StandardInput found = read(room, store, text);
    CHECK(found.dockerfile == text);
    CHECK(found.context.read("Dockerfile", 100) == std::nullopt);
  }
  CHECK(leftovers(room) == 0);
  SECTION("one that is damaged or hostile leaves nothing") {
    CHECK_THROWS(read(room, store, archive.substr(0, 700)));
    CHECK_THROWS(read(room, store, gzip_of(archive).substr(0, 60)));
    CHECK_THROWS(read(room, store, archive_of({file("../x")})));
    CHECK_THROWS(read(room, store, archive_of({file(".wh.x")})));
    CHECK_THROWS_AS(read(room, store, std::string(2U << 20U, 'x')), Failure);
    CHECK(leftovers(room) == 0);
  }
}

TEST_CASE("a context is a directory", "[build][context]") {
  const CopyRoom room;
  room.context("f", "x");
  CHECK_THROWS_WITH(Context::directory(room.source() / "none"), Catch::Contains("not found"));
  CHECK_THROWS_WITH(Context::directory(room.source() / "f"), Catch::Contains("no directory"));
  const Context context = Context::directory(room.source());
  CHECK(context.read("../context/f", 10) == std::nullopt);
  CHECK(context.read("../f", 10) == "x");
  CHECK_THROWS_AS(context.read("f", 0), Failure);
}

TEST_CASE("a link of the context leads nowhere outside", "[build][context][threat44]") {
  const CopyRoom room;
  const std::string outside = room.outside() / "secret";
  room.context_link("absolute", outside);
  room.context_link("relative", "../outside/secret");
  room.context_link("up", "../../../../../../../../../.." + outside);
  room.context_link("dir", room.outside());
  room.context_link("passwd", "/etc/passwd");
  room.context_link("one", "two");
  room.context_link("two", "one");
  const Context context = Context::directory(room.source());
  for (const char* path : {"absolute", "relative", "up", "dir/secret", "passwd", "dir"}) {
    CAPTURE(path);
    CHECK(context.read(path, 1000) == std::nullopt);
    CHECK_THAT(room.copy({.sources = {path}, .destination = "/x"}), Catch::Contains("not found"));
  }
  CHECK_THAT(room.copy({.sources = {"one"}, .destination = "/x"}), Catch::Contains("too many levels"));
  SECTION("and in a directory it is copied as it is") {
    CHECK(room.copy({.sources = {"."}, .destination = "/x"}) == "");
    CHECK(fs::read_symlink(room.target() / "x/absolute") == outside);
  }
}

TEST_CASE("a link of the image leads nowhere outside", "[build][copy][security]") {
  const CopyRoom room;
  room.context("secret", "mine");
  const std::string outside = room.outside();
  room.image_link("dir", outside);
  room.image_link("up", "../../../../../../../../../.." + outside);
  room.image_link("file", outside + "/secret");
  CHECK(room.copy({.sources = {"secret"}, .destination = "/dir/"}) == "");
  CHECK(room.copy({.sources = {"secret"}, .destination = "/up/"}) == "");
  CHECK(room.copy({.sources = {"secret"}, .destination = "/file"}) == "");
  CHECK(room.read(outside.substr(1) + "/secret") == "mine");
  std::ifstream secret{room.outside() / "secret"};
  CHECK(std::string{std::istreambuf_iterator<char>{secret}, {}} == "secret");
}

namespace {

/// Swaps a directory of the context for a link to outside, and back, as fast as it can.
class Attacker {
 public:
  explicit Attacker(const CopyRoom& room)
      : thread_{[this, one = (room.source() / "d/sub").native(), other = (room.source() / "swap").native()] {
          while (!over_) ::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE);
        }} {}
  Attacker(Attacker&&) = delete;
  ~Attacker() {
    over_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> over_{false};
  std::thread thread_;
};

/// Whether what lies outside has come into the image. A link to it has not brought it there.
bool has_secret(const CopyRoom& room) {
  if (fs::is_symlink(room.target() / "to/sub") || !fs::exists(room.target() / "to/sub")) return false;
  for (const auto& entry : fs::directory_iterator{room.target() / "to/sub"}) {
    std::ifstream text{entry.path()};
    if (std::string{std::istreambuf_iterator<char>{text}, {}} == "secret") return true;
  }
  return false;
}

}  // namespace

TEST_CASE("who swaps links while we copy gains nothing", "[build][copy][threat44][race]") {
  const CopyRoom room;
  fs::create_directory(room.outside() / "sub");
  for (const char* name : {"1", "2"}) {
    room.context(std::string{"d/sub/"} + name, "honest");
    std::ofstream{room.outside() / "sub" / name} << "secret";
  }
  fs::create_symlink(room.outside() / "sub", room.source() / "swap");
  const UniqueFd from = open_directory(room.source());
  const UniqueFd to = open_directory(room.target());
  int whole = 0;
  int stolen = 0;
  {
    const Attacker attacker{room};
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{2};
    while (std::chrono::steady_clock::now() < until) {
      try {
        copy_selection(select({.root = &from}, {.sources = {"d"}, .destination = "/to", .link = true}), to,
                       "/");
        ++whole;
      } catch (const std::exception&) {  // caught in the act
      }
      if (has_secret(room)) ++stolen;
    }
  }
  CHECK(whole > 0);
  CHECK(stolen == 0);
}

TEST_CASE("the digest of a copy is of what it makes", "[build][digest]") {
  CopyRoom room;
  room.context("d/a", "1");
  room.context("d/b", "2");
  room.context_link("d/l", "a");
  const auto digest = [&] { return room.digest({.sources = {"d"}, .destination = "/x"}); };
  const Digest first = digest();
  const auto touch = [&](const char* path, long seconds) {
    const timespec times[] = {{seconds, 0}, {seconds, 0}};
    REQUIRE(::utimensat(AT_FDCWD, (room.source() / path).c_str(), times, AT_SYMLINK_NOFOLLOW) == 0);
  };
  SECTION("not of times, nor of owners that are not kept") {
    touch("d/a", 1);
    touch("d", 2);
    if (::geteuid() == 0) REQUIRE(::chown((room.source() / "d/a").c_str(), 5, 5) == 0);
    CHECK(digest() == first);
    if (::geteuid() != 0) return;
    room.owners = Ownership::kept;
    const Digest kept = digest();
    REQUIRE(::chown((room.source() / "d/a").c_str(), 6, 5) == 0);
    CHECK(digest() != kept);
  }
  SECTION("of bytes") {
    room.context("d/a", "x");
    CHECK(digest() != first);
  }
  SECTION("of names") {
    fs::rename(room.source() / "d/a", room.source() / "d/c");
    CHECK(digest() != first);
  }
  SECTION("of modes") {
    fs::permissions(room.source() / "d/a", fs::perms{0600});
    CHECK(digest() != first);
  }
  SECTION("of links") {
    fs::remove(room.source() / "d/l");
    room.context_link("d/l", "b");
    CHECK(digest() != first);
  }
  SECTION("of which names are one file") {
    room.context("d/b", "1");
    const Digest two = digest();
    fs::remove(room.source() / "d/b");
    fs::create_hard_link(room.source() / "d/a", room.source() / "d/b");
    CHECK(digest() != two);
  }
  SECTION("of what is left out") {
    CHECK(room.digest({.sources = {"d"}, .destination = "/x", .excludes = {"b"}}) != first);
  }
}

TEST_CASE("a file that has not changed is not read again", "[build][digest]") {
  const CopyRoom room;
  const Store store = store_in(room);
  room.context("f", "first");
  const UniqueFd root = open_directory(room.source());
  const auto digest = [&] {
    HashCache cache{store, root};
    const Digest found = room.digest({.sources = {"f"}, .destination = "/x"}, &cache);
    cache.save();
    return found;
  };
  struct stat status {};
  const auto is_known = [&] {
    REQUIRE(::stat((room.source() / "f").c_str(), &status) == 0);
    return HashCache{store, root}.find(status).has_value();
  };
  const Digest first = digest();
  CHECK(is_known());
  CHECK(digest() == first);
  SECTION("but one that has, in the same tick too") {
    for (const char* text : {"other", "third", "fifth", "sixth"}) {  // of one length
      room.context("f", text);
      const Digest changed = digest();
      CHECK(changed == room.digest({.sources = {"f"}, .destination = "/x"}));
      room.context("f", "other2");
      CHECK(digest() == room.digest({.sources = {"f"}, .destination = "/x"}));
    }
  }
  SECTION("and whoever sets its time back does not deceive us") {
    REQUIRE(::stat((room.source() / "f").c_str(), &status) == 0);
    const timespec times[] = {status.st_atim, status.st_mtim};
    room.context("f", "faked");
    REQUIRE(::utimensat(AT_FDCWD, (room.source() / "f").c_str(), times, 0) == 0);
    CHECK(digest() != first);
  }
  SECTION("and a damaged cache is none") {
    for (const auto& entry : fs::directory_iterator{room.scratch() / "store/hashes"})
      std::ofstream{entry.path()} << "dwhash2\nxxx";
    CHECK_FALSE(is_known());
    CHECK(digest() == first);
    CHECK(is_known());
  }
}
