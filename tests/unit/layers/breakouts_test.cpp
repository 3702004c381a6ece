// Hostile archives. Each wants to reach something outside of the directory that it is unpacked into, or the
// directory itself. It is refused, or what it writes lands inside; nothing outside ever changes. The names
// are those of containerd's table of breakouts (pkg/archive/tar_test.go), the archives are our own.

#include <functional>

#include "tests/unit/catch.hpp"
#include "tests/unit/layers/archives.hpp"
#include "tests/unit/layers/layer_room.hpp"
#include "tests/unit/layers/sealed.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

/// A file inside that must have these contents afterwards. An empty name: the archive is refused.
struct Inside {
  std::string name{};
  std::string contents{};
};
const Inside kRefused{};

struct Breakout {
  std::string name;
  /// Its entries; `outside` is the path of the directory that it wants to reach.
  std::function<std::vector<Member>(const std::string& outside)> members;
  Inside expected;
};

std::vector<Member> with_passwd(std::vector<Member> more) {
  std::vector<Member> members{directory("etc"), file("etc/passwd", "inside")};
  members.insert(members.end(), more.begin(), more.end());
  return members;
}

/// The same entries wherever the room is.
std::function<std::vector<Member>(const std::string&)> always(std::vector<Member> members) {
  return [members = std::move(members)](const std::string&) { return members; };
}

const std::vector<Breakout>& links() {
  static const std::vector<Breakout> all = {
      {"SymlinkAbsolute",
       [](const std::string& outside) {
         return std::vector<Member>{symlink_to(outside, "out"), directory(outside),
                                    file("out/precious", "new")};
       },
       {"out/precious", "new"}},
      {"SymlinkUpAndOut",
       always({directory("a"), symlink_to("/a/../../outside", "out"), file("out/precious", "new")}),
       kRefused},
      {"SymlinkMultipleAbsolute",
       always({directory("etc"), directory("a"), symlink_to("/etc", "a/b"), symlink_to("/a/b", "c"),
               file("c/name", "new")}),
       {"etc/name", "new"}},
      {"SymlinkMultipleRelative",
       always({directory("etc"), directory("a"), symlink_to("../../../etc", "a/b"), symlink_to("./a/b", "c"),
               file("c/name", "new")}),
       {"etc/name", "new"}},
      {"SymlinkEmptyFile",
       always({directory("etc"), file("etc/name", "old"), symlink_to("/etc", "c"), file("c/name", "")}),
       {"etc/name", ""}},
      {"SymlinkParentDirectory", always(with_passwd({symlink_to("/etc/", "..")})), kRefused},
      {"SymlinkEmptyFilename", always(with_passwd({symlink_to("/etc/", "")})), kRefused},
      {"SymlinkParentRelative",
       always(with_passwd({symlink_to("/etc/", "c/sub/.."), file("c/name", "new")})),
       {"etc/name", "new"}},
      {"SymlinkSlashEnded",
       always(with_passwd({directory("c/"), hard_link_to("/etc/passwd", "/c/name")})),
       {"c/name", "inside"}},
      {"SymlinkOverrideDirectory",
       always(with_passwd({directory("c"), file("c/old"), symlink_to("/etc", "c"), file("c/name", "new")})),
       {"etc/name", "new"}},
      {"SymlinkOverrideDirectoryRelative",
       always(with_passwd({directory("c"), symlink_to("../../etc", "c"), file("c/name", "new")})),
       {"etc/name", "new"}},
      {"DirectoryOverrideSymlink",
       always(with_passwd({symlink_to("/etc", "c"), directory("c"), file("c/passwd", "other")})),
       {"etc/passwd", "inside"}},
      {"DirectoryOverrideSymlinkAndHardlink",
       always(with_passwd({symlink_to("etc", "c"), hard_link_to("/etc/passwd", "c/link"), directory("c"),
                           file("c/link", "different")})),
       {"etc/link", "inside"}},
  };
  return all;
}

const std::vector<Breakout>& hard_links() {
  static const std::vector<Breakout> all = {
      {"HardlinkRelative",
       always(with_passwd(
           {directory("b"), symlink_to("../../etc", "b/d"), hard_link_to("/b/d/passwd", "b/mine")})),
       {"b/mine", "inside"}},
      {"HardlinkDownAndOut",
       always(with_passwd({directory("b"), directory("down"), symlink_to("../down/../../etc", "b/d"),
                           hard_link_to("/b/d/passwd", "b/mine")})),
       {"b/mine", "inside"}},
      {"HardlinkAbsolute",
       always(with_passwd({symlink_to("/etc", "c"), hard_link_to("/c/passwd", "mine")})),
       {"mine", "inside"}},
      {"HardlinkRelativeLong",
       always(with_passwd({symlink_to("../../../../../../../etc", "c"), hard_link_to("/c/passwd", "mine")})),
       {"mine", "inside"}},
      {"HardlinkRelativeUpAndOut",
       always(with_passwd(
           {directory("up"), symlink_to("up/../../../etc", "c"), hard_link_to("/c/passwd", "mine")})),
       {"mine", "inside"}},
      {"HardlinkDirectRelative", always(with_passwd({hard_link_to("../../../../../etc/passwd", "mine")})),
       kRefused},
      {"HardlinkDirectAbsolute",
       always(with_passwd({hard_link_to("/etc/passwd", "mine")})),
       {"mine", "inside"}},
      {"HardlinkSymlinkBeforeCreateTarget",
       always({directory("etc"), symlink_to("/etc/passwd", "c"), hard_link_to("c", "d"),
               file("/etc/passwd", "after")}),
       {"etc/passwd", "after"}},
      {"HardlinkSymlinkRelative",
       always(with_passwd({symlink_to("../../../../../etc/passwd", "c"), hard_link_to("/c", "d"),
                           file("d", "a file of its own")})),
       {"etc/passwd", "inside"}},
      {"HardlinkSymlinkAbsolute",
       [](const std::string& outside) {
         return std::vector<Member>{symlink_to(outside + "/precious", "c"), hard_link_to("/c", "d"),
                                    file("d", "a file of its own")};
       },
       {"d", "a file of its own"}},
      {"HardlinkSymlinkChmod",
       [](const std::string& outside) {
         Member link = hard_link_to("c", "d");
         link.mode = 0777;
         return std::vector<Member>{symlink_to(outside + "/precious", "c"), link, file("e", "last")};
       },
       {"e", "last"}},
      {"a hard link straight to a file outside",
       [](const std::string& outside) {
         return std::vector<Member>{hard_link_to(outside + "/precious", "mine")};
       },
       kRefused},
      {"a hard link to a directory", always(with_passwd({hard_link_to("etc", "mine")})), kRefused},
      {"a hard link to the root", always({hard_link_to("/", "mine")}), kRefused},
  };
  return all;
}

const std::vector<Breakout>& whiteouts() {
  static const std::vector<Breakout> all = {
      {"WhiteoutRootParent", always(with_passwd({file(".wh...")})), kRefused},
      {"WhiteoutParent", always(with_passwd({file("etc/.wh...")})), kRefused},
      {"WhiteoutRoot", always(with_passwd({file(".wh..")})), kRefused},
      {"WhiteoutCurrentDirectory", always(with_passwd({file("etc/.wh..")})), kRefused},
      {"WhiteoutSymlink",
       always(with_passwd({symlink_to("/etc", "c"), file(".wh.c")})),
       {"etc/passwd", "inside"}},
      {"WhiteoutSymlinkPath",
       [](const std::string& outside) {
         return with_passwd({symlink_to(outside, "c"), directory(outside), file("c/.wh.precious")});
       },
       {"etc/passwd", "inside"}},
      {"WhiteoutDirectoryName", always(with_passwd({file(".wh.etc/name", "new")})), kRefused},
      {"WhiteoutDeadSymlinkParent", always(with_passwd({symlink_to("/nowhere", "c"), file("c/.wh.etc")})),
       kRefused},
      {"WhiteoutRelativePath", always(with_passwd({file("d/../.wh.gone")})), {"etc/passwd", "inside"}},
      {"a whiteout with an empty name", always(with_passwd({file(".wh.")})), kRefused},
      {"a hard link to a whiteout", always({file(".wh.gone"), hard_link_to("gone", "mine")}), kRefused},
      {"an opaque directory that is a link out",
       [](const std::string& outside) {
         return std::vector<Member>{symlink_to(outside, "c"), file("c/.wh..wh..opq")};
       },
       kRefused},
  };
  return all;
}

const std::vector<Breakout>& names() {
  static const std::vector<Breakout> all = {
      {"a name that climbs out", always({file("../outside/precious", "new")}), kRefused},
      {"an absolute name that climbs out", always({file("/../outside/precious", "new")}), kRefused},
      {"a name that goes down and climbs out", always({file("a/b/../../../outside/precious", "new")}),
       kRefused},
      {"a directory named after the parent", always({directory("..", 0777)}), kRefused},
      {"an absolute name",
       [](const std::string& outside) { return std::vector<Member>{file(outside + "/precious", "new")}; },
       {"", "lands below the root"}},
      {"a file in place of the root", always({file("./", "new")}), kRefused},
      {"a link in place of the root", always({symlink_to("/", ".")}), kRefused},
      {"a fifo in place of the root", always({{.type = '6', .name = "/"}}), kRefused},
      {"a file below a file", always({file("a"), file("a/b", "new")}), kRefused},
      {"a file written through a link to a file outside",
       [](const std::string& outside) {
         return std::vector<Member>{symlink_to(outside + "/precious", "c"), file("c", "new")};
       },
       {"c", "new"}},
      {"a directory in place of a link to one outside",
       [](const std::string& outside) {
         return std::vector<Member>{symlink_to(outside, "c"), directory("c", 0777),
                                    file("c/precious", "new")};
       },
       {"c/precious", "new"}},
      {"a link to the magic link of a descriptor",
       always({symlink_to("/proc/self/fd", "c"), file("c/3/x", "new")}), kRefused},
      {"a long name by PAX that climbs out",
       always({{.type = '0', .name = "harmless", .data = "new", .pax = {{"path", "../outside/precious"}}}}),
       kRefused},
      {"a long link by PAX that leads out, and a file through it",
       always({{.type = '2', .name = "c", .link = "x", .pax = {{"linkpath", "../outside"}}},
               file("c/precious", "new")}),
       kRefused},
      {"a long name by GNU that climbs out",
       always({{.type = 'L', .name = "././@LongLink", .data = std::string{"../outside/precious\0", 20}},
               file("harmless", "new")}),
       kRefused},
  };
  return all;
}

void check(const Breakout& breakout) {
  const LayerRoom room;
  const std::string failure = room.failure(archive_of(breakout.members(room.outside())));
  CAPTURE(failure);
  CHECK(room.is_unharmed());
  if (breakout.expected.name.empty() && breakout.expected.contents.empty()) {
    CHECK_FALSE(failure.empty());
    return;
  }
  CHECK(failure.empty());
  if (!breakout.expected.name.empty()) CHECK(room.read(breakout.expected.name) == breakout.expected.contents);
}

}  // namespace

TEST_CASE("an archive cannot leave its root by symbolic links", "[layers][security]") {
  for (const Breakout& breakout : links()) DYNAMIC_SECTION(breakout.name) {
      check(breakout);
    }
}

TEST_CASE("an archive cannot leave its root by hard links", "[layers][security]") {
  for (const Breakout& breakout : hard_links()) DYNAMIC_SECTION(breakout.name) {
      check(breakout);
    }
}

TEST_CASE("an archive cannot remove anything outside by whiteouts", "[layers][security]") {
  for (const Breakout& breakout : whiteouts()) DYNAMIC_SECTION(breakout.name) {
      check(breakout);
    }
}

TEST_CASE("an archive cannot leave its root by names", "[layers][security]") {
  for (const Breakout& breakout : names()) DYNAMIC_SECTION(breakout.name) {
      check(breakout);
    }
}

TEST_CASE("a room notices when something outside was changed", "[layers]") {
  const LayerRoom room;
  REQUIRE(room.is_unharmed());
  SECTION("a file was written") { std::ofstream{room.outside() / "new"} << "x"; }
  SECTION("a mode was changed") { fs::permissions(room.outside() / "precious", fs::perms::all); }
  SECTION("something stands beside") { std::ofstream{room.outside().parent_path() / "new"} << "x"; }
  CHECK_FALSE(room.is_unharmed());
}

TEST_CASE("what breaks out finds a machine that it cannot change", "[layers][needs-root]") {
  const LayerRoom room;
  const std::string machine = room.outside().parent_path().parent_path() / "dockwright-must-not-appear";
  const std::string said = in_read_only_machine(room.layer(), [&]() -> std::string {
    std::ofstream inside{room.layer() / "file"};
    std::ofstream outside{machine};
    return inside.good() && !outside.good() ? "sealed" : "open";
  });
  CHECK(said == "sealed");
  CHECK_FALSE(fs::exists(machine));
}
