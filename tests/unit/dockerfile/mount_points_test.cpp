// Mount points that a root lacks are made beside it, wherever its links lead.

#include "chapters/11-dockerfile/mount_points.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "common/check.hpp"
#include "common/process.hpp"
#include "common/sys_mount.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/temporary.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

UniqueFd open(const fs::path& path) {
  return UniqueFd{check(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open {}", path.native())};
}

std::vector<std::string> tree(const fs::path& below) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator{below})
    names.push_back(entry.path().lexically_relative(below).native() + (entry.is_directory() ? "/" : ""));
  std::sort(names.begin(), names.end());
  return names;
}

struct Room {
  Room() {
    fs::create_directories(root / "etc");
    fs::create_directories(root / "run/lock");
    fs::create_directories(points);
    fs::create_directories(outside);
  }
  void make(const std::vector<MountPoint>& wanted) const {
    make_mount_points(open(root), open(points), wanted);
  }
  TemporaryDirectory directory{};
  fs::path root = directory.path() / "root";
  fs::path points = directory.path() / "points";
  fs::path outside = directory.path() / "outside";
};

}  // namespace

TEST_CASE("only what is missing is made, beside the layers", "[build][mounts]") {
  const Room room;
  std::ofstream{room.root / "etc/hosts"} << "x";
  room.make({{"/etc/resolv.conf", FileKind::file},
             {"/etc/hosts", FileKind::file},
             {"/a/b/c"},
             {"/a/b/d/"},
             {"/run"},
             {"/"}});
  CHECK(tree(room.points) ==
        std::vector<std::string>{"a/", "a/b/", "a/b/c/", "a/b/d/", "etc/", "etc/resolv.conf"});
  CHECK(tree(room.root) == std::vector<std::string>{"etc/", "etc/hosts", "run/", "run/lock/"});
}

TEST_CASE("a directory of both looks the same in both", "[build][mounts]") {
  const Room room;
  fs::permissions(room.root / "etc", fs::perms{0711});
  fs::permissions(room.root, fs::perms{0750});
  const timespec times[] = {{1, 0}, {1000, 0}};
  REQUIRE(::utimensat(AT_FDCWD, (room.root / "etc").c_str(), times, 0) == 0);
  room.make({{"/etc/resolv.conf", FileKind::file}, {"/etc/x"}});
  struct stat status {};
  REQUIRE(::stat((room.points / "etc").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0711);
  CHECK(status.st_mtim.tv_sec == 1000);
  REQUIRE(::stat(room.points.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0750);
}

TEST_CASE("links of the root lead to places in the root", "[build][mounts][security]") {
  const Room room;
  fs::create_symlink("/run", room.root / "var");
  fs::create_symlink("../../../../../../..", room.root / "up");
  fs::create_symlink(room.outside, room.root / "out");
  fs::create_symlink("/", room.root / "top");
  room.make({{"/var/cache"}, {"/up/made"}, {"/top/etc/x"}});
  CHECK(tree(room.points) == std::vector<std::string>{"etc/", "etc/x/", "made/", "run/", "run/cache/"});
  // A link to nowhere in the root is nowhere: what a container finds there, it finds then.
  try {
    room.make({{"/out/x"}});
  } catch (const std::exception&) {  // refused is well, too
  }
  CHECK(fs::is_empty(room.outside));
}

TEST_CASE("a root that is mounted nowhere will do", "[build][mounts][needs-root]") {
  if (::geteuid() != 0) {
    WARN("skipped: needs root");
    return;
  }
  const Room room;
  fs::create_symlink("/run/lock", room.root / "lock");
  Process child = spawn({.namespaces = CLONE_NEWNS}, [&] {
    const UniqueFd root = sys::clone_mount(open(room.root), sys::Depth::one, "the root");
    make_mount_points(root, open(room.points), {{"/lock/a/b"}});
  });
  child.expect_started();
  CHECK(child.wait() == 0);
  CHECK(tree(room.points) == std::vector<std::string>{"run/", "run/lock/", "run/lock/a/", "run/lock/a/b/"});
}
