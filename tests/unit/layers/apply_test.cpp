// Archives become directories: kinds of files, owners, modes, times, attributes, holes, long names.

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include <algorithm>

#include "chapters/08-layers/attributes.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/layers/archives.hpp"
#include "tests/unit/layers/layer_room.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

struct stat look(const LayerRoom& room, const std::string& name) {
  struct stat status {};
  REQUIRE(::lstat((room.layer() / name).c_str(), &status) == 0);
  return status;
}

std::string attribute(const LayerRoom& room, const std::string& name, const std::string& key) {
  std::string value(256, '\0');
  const auto size = ::lgetxattr((room.layer() / name).c_str(), key.c_str(), value.data(), value.size());
  value.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return size < 0 ? "none" : value;
}

mode_t rights(const LayerRoom& room, const std::string& name) { return look(room, name).st_mode & 07777; }

}  // namespace

TEST_CASE("files, directories, links and fifos come out of an archive", "[layers]") {
  const LayerRoom room;
  const auto applied = room.apply(archive_of({directory("a"),
                                              file("a/f", "contents"),
                                              symlink_to("f", "a/s"),
                                              hard_link_to("a/f", "a/h"),
                                              {.type = '6', .name = "a/p"}}));
  CHECK(room.read("a/f") == "contents");
  CHECK(fs::read_symlink(room.layer() / "a/s") == "f");
  CHECK(look(room, "a/h").st_ino == look(room, "a/f").st_ino);
  CHECK(S_ISFIFO(look(room, "a/p").st_mode));
  CHECK(applied.entries == 5);
  CHECK(applied.content_bytes == 8);
}

TEST_CASE("both forms of an archive are hashed", "[layers]") {
  const std::string plain = archive_of({file("a", std::string(2'000'000, 'x'))});
  for (const std::string& packed : {plain, gzip_of(plain), zstd_of(plain)}) {
    const LayerRoom room;
    const auto applied = room.apply(packed);
    CHECK(applied.diff_id == Digest::of(plain));
    CHECK(applied.blob_digest == Digest::of(packed));
    CHECK(applied.bytes == plain.size());
    CHECK(applied.blob_bytes == packed.size());
    CHECK(room.read("a").size() == 2'000'000);
  }
}

TEST_CASE("what stands behind the end marker is hashed, and nothing else", "[layers]") {
  const std::string plain = archive_of({file("a")}) + std::string(2'000'000, '\0') + archive_of({file("b")});
  const LayerRoom room;
  CHECK(room.apply(plain).diff_id == Digest::of(plain));
  CHECK(room.tree().size() == 2);
}

TEST_CASE("modes do not depend on the umask, and have all their bits", "[layers]") {
  const mode_t before = ::umask(077);
  const LayerRoom room;
  std::vector<Member> members{directory("d", 01777), directory("e", 0555)};
  for (const unsigned mode : {0777U, 0666U, 0600U, 0U, 04755U, 02755U}) {
    members.push_back(file(fmt::format("d/{:o}", mode)));
    members.back().mode = mode;
  }
  members.push_back(file("e/inside"));
  room.apply(archive_of(members));
  CHECK(::umask(before) == 077);  // this thread's is as it was
  for (const unsigned mode : {0777U, 0666U, 0600U, 0U, 04755U, 02755U})
    CHECK(rights(room, fmt::format("d/{:o}", mode)) == mode);
  CHECK(rights(room, "d") == 01777);
  CHECK(rights(room, "e") == 0555);
  fs::permissions(room.layer() / "e", fs::perms::owner_all);
}

TEST_CASE("times are kept to the nanosecond, those of directories and links too", "[layers]") {
  const LayerRoom room;
  const std::vector<std::pair<std::string, std::string>> time{{"mtime", "1350244992.023960108"}};
  Member top = directory("./"), below = directory("a"), plain = file("a/f", "x"),
         link = symlink_to("f", "a/s");
  for (Member* const member : {&top, &below, &plain, &link}) member->pax = time;
  // The directory is left and entered again; each time something is put into it.
  room.apply(archive_of({top, below, plain, directory("b"), file("b/x"), link, file("a/last")}));
  for (const char* const name : {".", "a", "a/f", "a/s"}) {
    CAPTURE(name);
    CHECK(look(room, name).st_mtim.tv_sec == 1350244992);
    CHECK(look(room, name).st_mtim.tv_nsec == 23960108);
  }
  CHECK(look(room, "b").st_mtim.tv_sec == 1'000'000'000);
}

TEST_CASE("a directory that is described after its files has what it is described as", "[layers]") {
  const LayerRoom room;
  room.apply(archive_of({file("a/b/c", "x"), directory("a/b", 0711), directory("a", 0700)}));
  CHECK(rights(room, "a") == 0700);
  CHECK(rights(room, "a/b") == 0711);
  CHECK(look(room, "a").st_mtim.tv_sec == 1'000'000'000);
  CHECK(room.read("a/b/c") == "x");
}

TEST_CASE("of entries with one name the last one counts", "[layers]") {
  const LayerRoom room;
  room.apply(
      archive_of({file("a", "first"), hard_link_to("a", "other"), file("a", "second"), directory("d"),
                  file("d/x"), symlink_to("a", "d"), file("l", "x"), directory("l"), file("l/y", "z")}));
  CHECK(room.read("a") == "second");
  CHECK(room.read("other") == "first");
  CHECK(fs::is_symlink(room.layer() / "d"));
  CHECK(room.read("l/y") == "z");
}

TEST_CASE("a hard link to itself changes nothing", "[layers]") {
  const LayerRoom room;
  room.apply(archive_of({file("a", "kept"), hard_link_to("./a", "a")}));
  CHECK(room.read("a") == "kept");
}

TEST_CASE("owners are kept, and the set-user-ID bit survives them", "[layers][needs-root]") {
  NEEDS_ROOT();
  const LayerRoom room;
  Member program = file("program", "x");
  program.user = 1000, program.group = 50, program.mode = 04755;
  Member link = symlink_to("x", "link"), home = directory("home", 02775), inside = file("home/mine");
  link.user = 1001;
  home.group = 100;
  room.apply(archive_of({program, link, home, inside}));
  CHECK(look(room, "program").st_uid == 1000);
  CHECK(look(room, "program").st_gid == 50);
  CHECK(rights(room, "program") == 04755);
  CHECK(look(room, "link").st_uid == 1001);
  CHECK(rights(room, "home") == 02775);
  CHECK(look(room, "home/mine").st_gid == 0);  // not inherited from its directory
}

TEST_CASE("numbers of users beyond eight digits of octal are kept", "[layers][needs-root]") {
  NEEDS_ROOT();
  const LayerRoom room;
  Member rich = file("a");
  rich.pax = {{"uid", "4294967294"}, {"gid", "2147483648"}};
  room.apply(archive_of({rich}));
  CHECK(look(room, "a").st_uid == 4294967294);
  Member nobody = file("b");
  nobody.pax = {{"uid", "4294967295"}};
  CHECK(contains(room.failure(archive_of({nobody})), "which cannot be"));
}

TEST_CASE("devices come out for root", "[layers][needs-root]") {
  NEEDS_ROOT();
  const LayerRoom room;
  room.apply(archive_of({{.type = '3', .name = "null", .mode = 0666, .device_major = 1, .device_minor = 3},
                         {.type = '4', .name = "disk", .mode = 0600, .device_major = 7, .device_minor = 0}}));
  CHECK(S_ISCHR(look(room, "null").st_mode));
  CHECK(look(room, "null").st_rdev == makedev(1, 3));
  CHECK(S_ISBLK(look(room, "disk").st_mode));
}

TEST_CASE("in a user namespace devices are passed over, as Podman does", "[layers]") {
  const LayerRoom room;
  const UniqueFd into = sys::open(room.layer(), O_RDONLY | O_DIRECTORY);
  static_cast<void>(apply_layer(
      std::make_unique<MemorySource>(archive_of(
          {{.type = '3', .name = "null", .device_major = 1, .device_minor = 3}, file("after", "x")})),
      into, {.whiteouts = Whiteouts::user, .owners = false}));
  CHECK_FALSE(fs::exists(room.layer() / "null"));
  CHECK(room.read("after") == "x");
}

TEST_CASE("attributes that belong to the files are kept, the machine's are not", "[layers]") {
  CHECK(attribute_rule("security.capability") == AttributeRule::keep);
  CHECK(attribute_rule("security.selinux") == AttributeRule::drop);
  CHECK(attribute_rule("trusted.anything") == AttributeRule::drop);
  for (const char* const name : {"trusted.overlay.opaque", "trusted.overlay.redirect", "user.overlay.opaque",
                                 "user.overlay.whiteout", "trusted.overlay.overlay.opaque"})
    CHECK(attribute_rule(name) == AttributeRule::refuse);
  const LayerRoom room;
  Member member = file("a", "x"), folder = directory("d");
  member.pax = {{"SCHILY.xattr.user.note", "some words"}, {"SCHILY.xattr.security.selinux", "label"}};
  folder.pax = {{"SCHILY.xattr.user.note", std::string{"\0binary\0", 8}}};
  room.apply(archive_of({member, folder}));
  CHECK(attribute(room, "a", "user.note") == "some words");
  CHECK(attribute(room, "d", "user.note") == std::string{"\0binary\0", 8});
}

TEST_CASE("attributes of overlay are refused in an image", "[layers][security]") {
  for (const char* const name :
       {"trusted.overlay.redirect", "user.overlay.redirect", "trusted.overlay.opaque"}) {
    const LayerRoom room;
    Member member = directory("d");
    member.pax = {{std::string{"SCHILY.xattr."} + name, "/etc"}};
    CHECK(contains(room.failure(archive_of({member})), name));
  }
}

TEST_CASE("the capabilities of a program survive its owner", "[layers][needs-root]") {
  NEEDS_ROOT();
  const LayerRoom room;
  Member ping = file("ping", "x");
  ping.user = 1000, ping.mode = 0755;
  const std::string net_raw{
      "\x01\x00\x00\x02\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 20};
  ping.pax = {{"SCHILY.xattr.security.capability", net_raw}};
  room.apply(archive_of({ping}));
  CHECK(attribute(room, "ping", "security.capability") == net_raw);
}

TEST_CASE("names of any bytes and any length are kept", "[layers]") {
  const LayerRoom room;
  const std::string bytes =
      "gr\xc3\xb6\xc3\x9f"
      "e \xff\xfe";
  const std::string component(200, 'n');
  const std::string by_pax = component + "/" + component + "/" + bytes;
  const std::string by_gnu = "g/" + component + "/" + component + "/f";
  room.apply(archive_of({file(bytes, "plain"),
                         {.type = '0', .name = "x", .data = "pax", .pax = {{"path", by_pax}}},
                         {.type = 'L', .name = "././@LongLink", .data = by_gnu + '\0'},
                         file("x", "gnu"),
                         {.type = '2', .name = "link", .link = "x", .pax = {{"linkpath", by_pax}}}}));
  CHECK(room.read(bytes) == "plain");
  CHECK(room.read(by_pax) == "pax");
  CHECK(room.read(by_gnu) == "gnu");
  CHECK(fs::read_symlink(room.layer() / "link") == by_pax);
}

TEST_CASE("a sparse file keeps its holes", "[layers]") {
  // GNU's format 1.0: the map of what is there stands before it.
  constexpr off_t kSize = 64 * 1024 * 1024;
  std::string map = "2\n4096\n512\n33554432\n512\n";
  map.resize(512, '\0');
  const Member sparse{.type = '0',
                      .name = "GNUSparseFile.0/f",
                      .data = map + std::string(512, 'a') + std::string(512, 'b'),
                      .pax = {{"GNU.sparse.major", "1"},
                              {"GNU.sparse.minor", "0"},
                              {"GNU.sparse.name", "f"},
                              {"GNU.sparse.realsize", std::to_string(kSize)}}};
  const LayerRoom room;
  const auto applied = room.apply(archive_of({sparse, file("after", "x")}));
  CHECK(look(room, "f").st_size == kSize);
  CHECK(look(room, "f").st_blocks * 512 < 1024 * 1024);
  const std::string contents = room.read("f");
  CHECK(contents[4095] == '\0');
  CHECK(contents.substr(4096, 512) == std::string(512, 'a'));
  CHECK(contents.substr(33554432, 512) == std::string(512, 'b'));
  CHECK(contents.back() == '\0');
  CHECK(applied.content_bytes == kSize + 1);
  CHECK(room.read("after") == "x");
}

TEST_CASE("an entry described twice is unpacked in the same way every time", "[layers]") {
  const auto archive = archive_of({directory("a"), file("a/x", "1"), symlink_to("x", "a/y"), file(".wh.z")});
  const LayerRoom first, second;
  first.apply(archive);
  second.apply(gzip_of(archive));
  CHECK(first.tree() == second.tree());
}
