// What a layer says of the layers below it: whiteouts and opaque directories, in an archive and on the disk.

#include "chapters/08-layers/whiteouts.hpp"

#include <sys/stat.h>
#include <sys/xattr.h>

#include <algorithm>

#include "tests/unit/catch.hpp"
#include "tests/unit/layers/archives.hpp"
#include "tests/unit/layers/layer_room.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

bool is_opaque(const LayerRoom& room, const std::string& name) {
  char value = 0;
  return ::lgetxattr((room.layer() / name).c_str(), opaque_name().c_str(), &value, 1) == 1 && value == 'y';
}

bool hides(const LayerRoom& room, const std::string& name) {
  struct stat status {};
  return ::lstat((room.layer() / name).c_str(), &status) == 0 && is_whiteout(status);
}

}  // namespace

TEST_CASE("a name tells what it means", "[layers]") {
  CHECK(kind_of_name("etc") == NameKind::ordinary);
  CHECK(kind_of_name(".wharf") == NameKind::ordinary);
  CHECK(kind_of_name(".wh.etc") == NameKind::whiteout);
  CHECK(kind_of_name(".wh..profile") == NameKind::whiteout);
  CHECK(kind_of_name(".wh....") == NameKind::whiteout);  // of a file called `...`
  CHECK(kind_of_name(".wh..wh..opq") == NameKind::opaque);
  CHECK(kind_of_name(".wh..wh.plnk") == NameKind::meta);
  for (const char* const name : {".wh.", ".wh..", ".wh..."}) CHECK(kind_of_name(name) == NameKind::invalid);
}

TEST_CASE("a whiteout becomes overlay's: a device 0:0", "[layers]") {
  const LayerRoom room;
  room.apply(archive_of({directory("etc"), file("etc/.wh.passwd"), file(".wh.gone")}));
  CHECK(hides(room, "etc/passwd"));
  CHECK(hides(room, "gone"));
  CHECK_FALSE(fs::exists(room.layer() / "etc/.wh.passwd"));
}

TEST_CASE("an opaque marker becomes overlay's attribute, wherever it stands", "[layers]") {
  // The two layers that the OCI specification calls equal (layer.md, "Opaque Whiteout").
  const Member marker = file("bin/.wh..wh..opq");
  const std::vector<Member> entries{directory("bin"), file("bin/my-app-binary", "binary"),
                                    file("bin/my-app-tools", "tools")};
  const LayerRoom first, last, without;
  auto members = entries;
  members.insert(members.begin(), marker);
  first.apply(archive_of(members));
  members = entries;
  members.push_back(marker);
  last.apply(archive_of(members));
  without.apply(archive_of(entries));
  CHECK(is_opaque(first, "bin"));
  CHECK(first.tree() == last.tree());
  CHECK(first.read("bin/my-app-tools") == "tools");
  CHECK(without.tree() != last.tree());
}

TEST_CASE("an opaque directory is not opaque below", "[layers]") {
  const LayerRoom room;
  room.apply(archive_of({directory("a"), directory("a/b"), file("a/.wh..wh..opq")}));
  CHECK(is_opaque(room, "a"));
  CHECK_FALSE(is_opaque(room, "a/b"));
  CHECK_FALSE(is_opaque(room, "."));
}

TEST_CASE("a whiteout hides lower layers only, in whichever order it comes", "[layers]") {
  const bool first = GENERATE(true, false);
  const auto apply = [first](const LayerRoom& room, std::vector<Member> own) {
    own.insert(first ? own.begin() : own.end(), file(".wh.name"));
    room.apply(archive_of(own));
  };
  SECTION("the file of this layer stays, and hides by itself") {
    const LayerRoom room;
    apply(room, {file("name", "mine")});
    CHECK(room.read("name") == "mine");
  }
  SECTION("the directory of this layer stays, and is opaque") {
    const LayerRoom room;
    apply(room, {directory("name"), file("name/x", "mine")});
    CHECK(is_opaque(room, "name"));
    CHECK(room.read("name/x") == "mine");
  }
  SECTION("a directory that only its file implies, too") {
    const LayerRoom room;
    apply(room, {file("name/x", "mine")});
    CHECK(is_opaque(room, "name"));
    CHECK(room.read("name/x") == "mine");
  }
  SECTION("a link of this layer stays") {
    const LayerRoom room;
    apply(room, {symlink_to("target", "name")});
    CHECK(fs::read_symlink(room.layer() / "name") == "target");
  }
}

TEST_CASE("a directory that takes the place of a file is opaque", "[layers]") {
  const LayerRoom room;
  room.apply(archive_of({file("a", "file"), directory("a"), file("a/b", "inside")}));
  CHECK(is_opaque(room, "a"));
  CHECK(room.read("a/b") == "inside");
}

TEST_CASE("the metadata of AUFS is passed over", "[layers]") {
  const LayerRoom room;
  room.apply(archive_of({directory(".wh..wh.plnk"), file(".wh..wh.plnk/12.3", "x"), file(".wh..wh.aufs"),
                         file("ordinary", "x")}));
  CHECK(room.tree().size() == 2);
}

TEST_CASE("a device 0:0 in an archive is a whiteout", "[layers]") {
  const LayerRoom room;
  room.apply(archive_of({{.type = '3', .name = "gone"}}));
  CHECK(hides(room, "gone"));
}

TEST_CASE("a whiteout below what this layer does not have is kept", "[layers]") {
  const LayerRoom room;
  room.apply(archive_of({file("a/b/.wh.gone")}));
  CHECK(hides(room, "a/b/gone"));
}
