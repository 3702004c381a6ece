// ADD: archives become what is in them, and a hostile one no more than that.

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "tests/unit/catch.hpp"
#include "tests/unit/dockerfile/copy_room.hpp"
#include "tests/unit/layers/archives.hpp"

using namespace dockwright;
namespace fs = std::filesystem;
using Files = std::vector<std::string>;

namespace {

CopyRequest add(const std::string& source, const std::string& destination = "/to/") {
  return {.instruction = "ADD", .sources = {source}, .destination = destination, .unpack = true};
}

std::string honest() {
  return archive_of(
      {directory("d"), file("d/f", "1"), symlink_to("f", "d/l"), hard_link_to("d/f", "d/h"), file("g", "2")});
}

const Files kUnpacked = {"to/", "to/d/", "to/d/f=1", "to/d/h=1", "to/d/l->f", "to/g=2"};

}  // namespace

TEST_CASE("ADD unpacks archives, whatever they are called", "[build][add]") {
  CopyRoom room;
  room.context("plain.txt", honest());
  room.context("b.tar.gz", gzip_of(honest()));
  room.context("c", zstd_of(honest()));
  for (const char* name : {"plain.txt", "b.tar.gz", "c"}) {
    CAPTURE(name);
    CHECK(room.copy(add(name)) == "");
    CHECK(room.tree() == kUnpacked);
    CHECK(fs::equivalent(room.target() / "to/d/f", room.target() / "to/d/h"));
    fs::remove_all(room.target() / "to");
  }
  SECTION("but COPY does not, nor ADD --unpack=false") {
    CopyRequest request = add("plain.txt");
    request.unpack = false;
    CHECK(room.copy(request) == "");
    CHECK(room.tree() == Files{"to/", "to/plain.txt=" + honest()});
  }
  SECTION("and what only looks like one is a file") {
    room.context("x.tar.gz", "no archive");
    room.context("y", gzip_of("no archive"));
    room.context("z", gzip_of(honest()).substr(0, 20));
    for (const char* name : {"x.tar.gz", "y", "z"}) CHECK(room.copy(add(name)) == "");
    CHECK(room.tree().size() == 4);
  }
}

TEST_CASE("an archive that cannot be unpacked is not left packed in silence", "[build][add]") {
  CopyRoom room;
  room.context("a.tar.xz", std::string{"\xfd"
                                       "7zXZ\0",
                                       6} +
                               std::string(600, 'x'));
  room.context("b.tbz2", "BZh9" + std::string(600, 'x'));
  room.context("words.bz2", "BZh9" + std::string(600, 'x'));
  CHECK_THAT(room.copy(add("a.tar.xz")), Catch::Contains("packed by xz"));
  CHECK_THAT(room.copy(add("b.tbz2")), Catch::Contains("packed by bzip2"));
  CHECK(room.copy(add("words.bz2")) == "");
}

TEST_CASE("an archive keeps owners, unless --chown says otherwise", "[build][add]") {
  NEEDS_ROOT();
  CopyRoom room;
  room.context("a", archive_of({{.type = '0', .name = "f", .mode = 04750, .user = 5, .group = 6}}));
  struct stat status {};
  CHECK(room.copy(add("a")) == "");
  REQUIRE(::stat((room.target() / "to/f").c_str(), &status) == 0);
  CHECK((status.st_uid == 5 && status.st_gid == 6 && (status.st_mode & 07777) == 04750));
  CHECK(status.st_mtim.tv_sec == 1'000'000'000);
  CopyRequest request = add("a");
  request.owner = "7:8";
  CHECK(room.copy(request) == "");
  REQUIRE(::stat((room.target() / "to/f").c_str(), &status) == 0);
  CHECK((status.st_uid == 7 && status.st_gid == 8));
}

TEST_CASE("an archive goes over what is there", "[build][add]") {
  CopyRoom room;
  room.image("usr/lib/old", "old");
  room.image_link("lib", "usr/lib");
  room.image("file", "old");
  room.image("dir/old", "old");
  room.image_link("link", "/file");
  SECTION("through links of the image, inside it") {
    room.context("a", archive_of({file("lib/new", "new"), file("link", "new"), file("dir/new", "new")}));
    CHECK(room.copy(add("a", "/")) == "");
    CHECK(room.tree() == Files{"dir/", "dir/new=new", "dir/old=old", "file=old", "lib->usr/lib", "link=new",
                               "usr/", "usr/lib/", "usr/lib/new=new", "usr/lib/old=old"});
  }
  SECTION("and a directory takes the place of a file, as a layer's would") {
    room.context("a", archive_of({directory("file"), file("file/new", "new")}));
    CHECK(room.copy(add("a", "/")) == "");
    CHECK(room.read("file/new") == "new");
  }
}

TEST_CASE("a hostile archive of ADD stays inside, or is refused", "[build][add][security]") {
  struct Hostile {
    const char* name;
    std::vector<Member> members;
    bool lands_inside = false;
  };
  CopyRoom room;
  room.image("etc/passwd", "image");
  const std::string outside = room.outside();
  const std::vector<Hostile> cases = {
      {"a name that leaves", {file("../../../../../../../../../../tmp/dockwright-evil", "x")}},
      {"an absolute name", {file(outside + "/secret", "x")}, true},
      {"a link to outside, then a file through it", {symlink_to(outside, "l"), file("l/secret", "x")}},
      {"a link up and out", {symlink_to("../../../../../../../.." + outside, "l"), file("l/secret", "x")}},
      {"a hard link to outside", {hard_link_to(outside + "/secret", "h"), file("h", "x")}},
      {"a hard link above its directory", {hard_link_to("../etc/passwd", "h")}},
      {"a whiteout", {file(".wh.etc")}},
      {"an opaque mark", {file(".wh..wh..opq")}},
      {"a device that is a whiteout", {{.type = '3', .name = "etc"}}},
      {"overlay's own attribute",
       {{.type = '0', .name = "f", .pax = {{"SCHILY.xattr.trusted.overlay.redirect", "/etc"}}}}},
      {"cut off", {file("f", std::string(2000, 'x'))}},
  };
  for (const Hostile& hostile : cases) {
    CAPTURE(hostile.name);
    std::string archive = archive_of(hostile.members);
    if (hostile.name == std::string{"cut off"}) archive.resize(1024);
    room.context("a", archive);
    const std::string failure = room.copy(add("a"));
    INFO(failure);
    std::ifstream secret{room.outside() / "secret"};
    CHECK(std::string{std::istreambuf_iterator<char>{secret}, {}} == "secret");
    CHECK(fs::hard_link_count(room.outside() / "secret") == 1);
    CHECK_FALSE(fs::exists("/tmp/dockwright-evil"));
    CHECK(room.read("etc/passwd") == "image");
    CHECK(failure.empty() == hostile.lands_inside);
    fs::remove_all(room.target() / "to");
  }
}

TEST_CASE("a bomb is refused before it goes off", "[build][add][security]") {
  CopyRoom room;
  std::string zeros = archive_of({file("zeros", std::string(200U << 20U, '\0'))});
  room.context("bomb", zstd_of(zeros));
  CHECK_THAT(room.copy(add("bomb")), Catch::Contains("archive limit"));
}
