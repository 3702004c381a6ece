// What copies have beside their bytes: owners, modes, times, links, attributes.

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "chapters/11-dockerfile/copy/file_copy.hpp"
#include "chapters/11-dockerfile/copy/owner.hpp"
#include "chapters/11-dockerfile/copy/patterns.hpp"
#include "common/files.hpp"
#include "common/sys.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/dockerfile/copy_room.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

struct stat status_of(const fs::path& path) {
  struct stat status {};
  check(::lstat(path.c_str(), &status), "look at {}", path.native());
  return status;
}

/// `640 7:8`
std::string rights_of(const fs::path& path) {
  const struct stat status = status_of(path);
  return fmt::format("{:o} {}:{}", status.st_mode & 07777, status.st_uid, status.st_gid);
}

void set_time(const fs::path& path, long seconds) {
  const timespec times[] = {{seconds, 5}, {seconds, 7}};
  check(::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW), "set a time");
}

long time_of(const fs::path& path) { return status_of(path).st_mtim.tv_sec; }

}  // namespace

TEST_CASE("files of a context belong to root, whoever owned them", "[build][copy]") {
  NEEDS_ROOT();
  CopyRoom room;
  room.context("d/f");
  fs::permissions(room.source() / "d/f", fs::perms{0640});
  REQUIRE(::chown((room.source() / "d/f").c_str(), 12, 34) == 0);
  CHECK(room.copy({.sources = {"d"}, .destination = "/to/"}) == "");
  CHECK(rights_of(room.target() / "to") == "755 0:0");
  CHECK(rights_of(room.target() / "to/f") == "640 0:0");
  SECTION("but those of a stage keep theirs") {
    room.owners = Ownership::kept;
    CHECK(room.copy({.sources = {"d"}, .destination = "/kept/"}) == "");
    CHECK(rights_of(room.target() / "kept") == "755 0:0");
    CHECK(rights_of(room.target() / "kept/f") == "640 12:34");
  }
  SECTION("and --chown gives them, and the directories made for them, to somebody") {
    room.owners = Ownership::kept;
    room.image("etc/passwd", "app:x:1000:50::/:/bin/sh\n");
    CHECK(room.copy({.sources = {"d"}, .destination = "/a/b/", .owner = "app"}) == "");
    CHECK(rights_of(room.target() / "a") == "755 1000:50");
    CHECK(rights_of(room.target() / "a/b/f") == "640 1000:50");
  }
}

TEST_CASE("names of --chown are those of the image", "[build][copy]") {
  CopyRoom room;
  room.image("etc/passwd", "app:x:1000:50::/:/bin/sh\nroot:x:5:6::/:\n");
  room.image("etc/group", "web:x:70:\n");
  const UniqueFd root = open_directory(room.target());
  const auto owner = [&](const char* text) {
    const Owner found = find_owner(root, text);
    return fmt::format("{}:{}", found.user, found.group);
  };
  CHECK(owner("app") == "1000:50");
  CHECK(owner("app:web") == "1000:70");
  CHECK(owner("root") == "5:6");  // not ours
  CHECK(owner("7") == "7:7");
  CHECK(owner("7:web") == "7:70");
  CHECK(owner("7:8") == "7:8");
  CHECK(owner(":web") == "0:70");
  for (const char* bad : {"nobody-here", "app:nogroup", "4294967295", "-1", "", ":", "1:2:3"})
    CHECK_THROWS_AS(find_owner(root, bad), Failure);
  SECTION("and a passwd that leads out of the image does not") {
    fs::remove(room.target() / "etc/passwd");
    room.image_link("etc/passwd", "/../../../../../../../../etc/passwd");
    CHECK_THROWS_AS(find_owner(root, "root"), std::system_error);  // a link to itself, inside
  }
}

TEST_CASE("a mode is octal, or what is to change", "[build][copy]") {
  struct Case {
    const char* text;
    mode_t before;
    bool directory;
    mode_t after;
  };
  const std::vector<Case> cases = {
      {"644", 0777, false, 0644},
      {"0755", 0, false, 0755},
      {"4755", 0, false, 04755},
      {"u=rwX,go=rX", 0600, false, 0644},
      {"u=rwX,go=rX", 0700, false, 0755},
      {"u=rwX,go=rX", 0600, true, 0755},
      {"a+x", 0644, false, 0755},
      {"+x", 0644, false, 0755},
      {"go-rwx", 0777, false, 0700},
      {"g=u", 0640, false, 0660},
      {"o=g", 0750, false, 0755},
      {"u+s", 0755, false, 04755},
      {"+t", 0777, true, 01777},
      {"u+x-w", 0644, false, 0544},
      {"a=", 0777, false, 0},
      {"g+s", 0755, true, 02755},
      {"u=rw,u+X", 0644, false, 0644},
  };
  for (const Case& each : cases) {
    CAPTURE(each.text, each.before);
    CHECK(ModeChange::parse(each.text).apply(each.before, each.directory) == each.after);
  }
  for (const char* bad :
       {"", "8", "10000", "77777777777777", "u", "u+y", "rwx", "u=rw,", ",", "755x", "+-+,"})
    CHECK_THROWS_AS(ModeChange::parse(bad), Failure);
}

TEST_CASE("build's --chmod holds for files and for directories in what is copied", "[build][copy]") {
  CopyRoom room;
  room.context("d/sub/f");
  room.context_link("d/l", "nowhere");
  CHECK(room.copy({.sources = {"d"}, .destination = "/to", .mode = ModeChange::parse("711")}) == "");
  CHECK((status_of(room.target() / "to").st_mode & 07777) == 0755);
  CHECK((status_of(room.target() / "to/sub").st_mode & 07777) == 0711);
  CHECK((status_of(room.target() / "to/sub/f").st_mode & 07777) == 0711);
}

TEST_CASE("a copy has the times of the original, and what it is put into its own", "[build][copy]") {
  CopyRoom room;
  room.context("d/sub/f", "x");
  room.context_link("d/l", "nowhere");
  room.image("there/old");
  for (const char* name : {"d/sub/f", "d/sub", "d/l", "d"}) set_time(room.source() / name, 1000);
  set_time(room.target() / "there", 500);
  set_time(room.target(), 400);
  CHECK(room.copy({.sources = {"d"}, .destination = "/there"}) == "");
  CHECK(room.copy({.sources = {"d"}, .destination = "/new/deep"}) == "");
  CHECK(time_of(room.target()) == 400);
  CHECK(time_of(room.target() / "there") == 500);
  CHECK(time_of(room.target() / "there/sub") == 1000);
  CHECK(time_of(room.target() / "there/sub/f") == 1000);
  CHECK(time_of(room.target() / "there/l") == 1000);
  CHECK(time_of(room.target() / "new") == 1000);
  CHECK(time_of(room.target() / "new/deep") == 1000);
}

TEST_CASE("what stands in the way is replaced, and not written through", "[build][copy]") {
  CopyRoom room;
  room.context("d/f", "new");
  room.context("d/g", "new");
  room.context_link("d/l", "elsewhere");
  room.image("to/f", "old");
  room.image("precious", "old");
  room.image_link("to/g", "/precious");
  room.image("to/l", "old");
  fs::create_hard_link(room.target() / "to/f", room.target() / "other-name");
  CHECK(room.copy({.sources = {"d"}, .destination = "/to"}) == "");
  CHECK(room.read("to/f") == "new");
  CHECK(room.read("other-name") == "old");
  CHECK(room.read("precious") == "old");
  CHECK(fs::read_symlink(room.target() / "to/l") == "elsewhere");
  SECTION("but a directory and a file do not take each other's place") {
    room.image("to2/f/x");
    room.image("to3/sub");
    room.context("e/sub/x");
    CHECK(room.copy({.sources = {"d"}, .destination = "/to2"}) == "cannot replace to directory f with file");
    CHECK(room.copy({.sources = {"e"}, .destination = "/to3"}) == "cannot copy to non-directory: sub");
    CHECK(room.copy({.sources = {"e"}, .destination = "/to3", .link = true}) == "");
  }
}

TEST_CASE("names of one file stay names of one file", "[build][copy]") {
  CopyRoom room;
  room.context("d/a", "x");
  fs::create_hard_link(room.source() / "d/a", room.source() / "d/b");
  CHECK(room.copy({.sources = {"d"}, .destination = "/to"}) == "");
  CHECK(fs::equivalent(room.target() / "to/a", room.target() / "to/b"));
}

TEST_CASE("attributes come along, but those that speak to overlay", "[build][copy]") {
  NEEDS_ROOT();
  CopyRoom room;
  room.context("d/f", "x");
  const std::string file = room.source() / "d/f";
  REQUIRE(::setxattr(file.c_str(), "user.kept", "1", 1, 0) == 0);
  REQUIRE(::setxattr(file.c_str(), "trusted.overlay.redirect", "/etc", 4, 0) == 0);
  CHECK(room.copy({.sources = {"d"}, .destination = "/to"}) == "");
  const std::string copy = room.target() / "to/f";
  char value[8];
  CHECK(::getxattr(copy.c_str(), "user.kept", value, sizeof value) == 1);
  CHECK(::getxattr(copy.c_str(), "trusted.overlay.redirect", value, sizeof value) == -1);
}

TEST_CASE("no contents have the digest of others with attributes", "[build][copy][security]") {
  const CopyRoom plain;
  const CopyRoom attributed;
  plain.context("f", "x\n6:user.k 1:v ");
  attributed.context("f", "x");
  REQUIRE(::setxattr((attributed.source() / "f").c_str(), "user.k", "v", 1, 0) == 0);
  const CopyRequest all{.sources = {"f"}, .destination = "/"};
  CHECK(plain.digest(all) != attributed.digest(all));
}

TEST_CASE("a file that is read in short pieces is copied and hashed whole", "[build][copy]") {
  // Each read of it gives a page or less, whatever is asked for.
  const char* const kPieces = "/proc/kallsyms";
  const std::string whole = files::read_all(sys::open(kPieces, O_RDONLY), 64U << 20U, kPieces);
  REQUIRE(whole.size() > 200000);
  const CopyRoom room;
  const UniqueFd from = sys::open(kPieces, O_RDONLY);
  const UniqueFd to = files::create_at(open_directory(room.target()), "copy", 0600);
  copy_bytes(from, to, status_of(kPieces), "a copy");
  CHECK((room.read("copy") == whole));  // without printing it
  room.context("kallsyms", whole);
  fs::permissions(room.source() / "kallsyms", fs::status(kPieces).permissions());
  const UniqueFd proc = open_directory("/proc");
  const CopyRequest one{.sources = {"kallsyms"}, .destination = "/"};
  CHECK(content_digest(select({.root = &proc}, one), nullptr) == room.digest(one));
}

TEST_CASE("a name that would be a whiteout is refused", "[build][copy]") {
  CopyRoom room;
  room.context("d/.wh.passwd", "x");
  CHECK_THAT(room.copy({.sources = {"d"}, .destination = "/etc"}), Catch::Contains("begin with .wh."));
  CHECK_THAT(room.copy({.sources = {"d/.wh.passwd"}, .destination = "/etc/"}),
             Catch::Contains("begin with .wh."));
}

TEST_CASE("holes stay holes, and large files are whole", "[build][copy]") {
  CopyRoom room;
  room.context("sparse", "begin");
  fs::resize_file(room.source() / "sparse", 64 << 20);
  room.context("large", std::string(3'000'001, 'x'));
  CHECK(room.copy({.sources = {"sparse", "large"}, .destination = "/to/"}) == "");
  const struct stat status = status_of(room.target() / "to/sparse");
  CHECK(status.st_size == 64 << 20);
  CHECK(status.st_blocks * 512 < 1 << 20);
  CHECK(room.read("to/large") == std::string(3'000'001, 'x'));
  CHECK(room.read("to/sparse").substr(0, 6) == std::string{"begin\0", 6});
}

TEST_CASE("build's --parents keeps the directories above", "[build][copy]") {
  CopyRoom room;
  room.context("x/y/a.txt", "a");
  room.context("x/y/b.md", "b");
  room.context("x/z/a.txt", "c");
  fs::permissions(room.source() / "x/y", fs::perms{0711});
  using Files = std::vector<std::string>;
  SECTION("of each source") {
    CHECK(room.copy({.sources = {"x/y/a.txt"}, .destination = "/to", .parents = true}) == "");
    CHECK(room.tree() == Files{"to/", "to/x/", "to/x/y/", "to/x/y/a.txt=a"});
    CHECK((status_of(room.target() / "to/x/y").st_mode & 07777) == 0711);
  }
  SECTION("of what wildcards fit, also through any number of directories") {
    CHECK(room.copy({.sources = {"**/a.txt"}, .destination = "/to/", .parents = true}) == "");
    CHECK(room.tree() == Files{"to/", "to/x/", "to/x/y/", "to/x/y/a.txt=a", "to/x/z/", "to/x/z/a.txt=c"});
  }
  SECTION("from the pivot on") {
    CHECK(room.copy({.sources = {"x/./y/*"}, .destination = "/to/", .parents = true}) == "");
    CHECK(room.tree() == Files{"to/", "to/y/", "to/y/a.txt=a", "to/y/b.md=b"});
  }
  SECTION("and a directory comes as itself") {
    CHECK(room.copy({.sources = {"./x/y"}, .destination = "/to/", .parents = true}) == "");
    CHECK(room.tree() == Files{"to/", "to/x/", "to/x/y/", "to/x/y/a.txt=a", "to/x/y/b.md=b"});
  }
}

TEST_CASE("build's --exclude leaves out what fits", "[build][copy]") {
  CopyRoom room;
  room.context("d/a.txt", "a");
  room.context("d/b.md", "b");
  room.context("d/sub/c.txt", "c");
  room.context("d/sub/d.md", "d");
  using Files = std::vector<std::string>;
  SECTION("in a directory") {
    CHECK(room.copy({.sources = {"d"}, .destination = "/to", .excludes = {"*.txt"}}) == "");
    CHECK(room.tree() == Files{"to/", "to/b.md=b", "to/sub/", "to/sub/c.txt=c", "to/sub/d.md=d"});
  }
  SECTION("at any depth") {
    CHECK(room.copy({.sources = {"d"}, .destination = "/to", .excludes = {"**/*.txt", "b.md"}}) == "");
    CHECK(room.tree() == Files{"to/", "to/sub/", "to/sub/d.md=d"});
  }
  SECTION("of files that a wildcard fits") {
    CHECK(room.copy({.sources = {"d/*.*"}, .destination = "/to/", .excludes = {"*.md"}}) == "");
    CHECK(room.tree() == Files{"to/", "to/a.txt=a"});
  }
}

TEST_CASE("a heredoc is a file", "[build][copy]") {
  CopyRoom room;
  CHECK(room.copy({.inline_files = {{"one", "1\n"}, {"two", "2\n"}}, .destination = "/to/", .time = 77}) ==
        "");
  CHECK(room.copy(
            {.inline_files = {{"EOF", "3\n"}}, .destination = "/x", .mode = ModeChange::parse("700")}) == "");
  CHECK(room.tree() == std::vector<std::string>{"to/", "to/one=1\n", "to/two=2\n", "x=3\n"});
  CHECK((status_of(room.target() / "to/one").st_mode & 07777) == 0644);
  CHECK((status_of(room.target() / "x").st_mode & 07777) == 0700);
  CHECK(time_of(room.target() / "to/one") == 77);
}
