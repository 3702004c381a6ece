#include "common/open_in_root.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "common/check.hpp"
#include "common/process.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/temporary.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

/// A root with a file outside it that nobody inside must reach.
struct Roots {
  TemporaryDirectory outer;
  fs::path root = outer.path() / "root";
  fs::path outside = outer.path() / "outside";
  UniqueFd fd;

  Roots() {
    fs::create_directories(root / "etc");
    fs::create_directory(outside);
    write(root / "etc/name", "inside");
    write(outside / "name", "outside");
    fd = UniqueFd{::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  }

  static void write(const fs::path& path, const std::string& text) { std::ofstream{path} << text; }

  [[nodiscard]] std::string read(const char* path) const {
    const UniqueFd file = open_in_root(fd, path, O_RDONLY);
    std::string text(64, '\0');
    const auto size = ::read(file.get(), text.data(), text.size());
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return text;
  }
};

}  // namespace

TEST_CASE("a path begins at the root it is given", "[root]") {
  const Roots roots;
  CHECK(roots.read("/etc/name") == "inside");
  CHECK(roots.read("etc/name") == "inside");
}

TEST_CASE("dots do not climb out of the root", "[root][security]") {
  const Roots roots;
  CHECK_THROWS(roots.read("../outside/name"));
  CHECK(roots.read("../../../etc/name") == "inside");
}

TEST_CASE("an absolute link is resolved inside the root", "[root][security]") {
  const Roots roots;
  fs::create_symlink("/etc", roots.root / "link");
  fs::create_symlink(roots.outside, roots.root / "evil");
  CHECK(roots.read("/link/name") == "inside");
  CHECK_THROWS(roots.read("/evil/name"));
}

TEST_CASE("a magic link is refused", "[root][security]") {
  const UniqueFd host{::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)};
  CHECK_THROWS_AS(open_in_root(host, "/proc/self/cwd/x", O_PATH), SystemCallError);
}

TEST_CASE("what is opened is close-on-exec, asked or not", "[root]") {
  const Roots roots;
  CHECK((::fcntl(open_in_root(roots.fd, "/etc", O_PATH).get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("an absent file is an answer, another error is not", "[root]") {
  const Roots roots;
  CHECK_FALSE(try_open_in_root(roots.fd, "/nothing", O_RDONLY).has_value());
  CHECK_THROWS_AS(try_open_in_root(roots.fd, "/etc/name/x", O_RDONLY), SystemCallError);
}

TEST_CASE("a place to mount on is made, with all that is above it", "[root]") {
  const Roots roots;
  const UniqueFd directory = make_in_root(roots.fd, "/a/b/c", FileKind::directory);
  CHECK(fs::is_directory(roots.root / "a/b/c"));
  const UniqueFd file = make_in_root(roots.fd, "/a/f", FileKind::file);
  CHECK(fs::is_regular_file(roots.root / "a/f"));
}

TEST_CASE("a place through a link that leads out is made inside", "[root][security]") {
  const Roots roots;
  fs::create_symlink("/etc", roots.root / "link");
  const UniqueFd made = make_in_root(roots.fd, "/link/made", FileKind::directory);
  CHECK(fs::is_directory(roots.root / "etc/made"));
}

TEST_CASE("a place at a link that leads nowhere is refused", "[root][security]") {
  const Roots roots;
  fs::create_symlink("/nowhere", roots.root / "dangling");
  CHECK_THROWS_AS(make_in_root(roots.fd, "/dangling", FileKind::directory), SystemCallError);
  CHECK_FALSE(fs::exists(roots.root / "nowhere"));
}

TEST_CASE("whoever swaps a directory for a link meanwhile gets nothing outside", "[root][security]") {
  const Roots roots;
  fs::create_directory(roots.root / "swap");
  fs::create_symlink(roots.outside, roots.root / "trap");
  const std::string swap = roots.root / "swap";
  const std::string trap = roots.root / "trap";
  Process attacker = spawn({}, [&] {
    for (;;) ignore(::renameat2(AT_FDCWD, swap.c_str(), AT_FDCWD, trap.c_str(), RENAME_EXCHANGE), "again");
  });
  int made = 0;
  for (int i = 0; i < 2000; ++i) {
    try {
      const UniqueFd place = make_in_root(roots.fd, "/swap/" + std::to_string(i), FileKind::directory);
      ++made;
    } catch (const SystemCallError&) {  // a link that leads nowhere inside the root: refused is as good
    }
  }
  CHECK(made > 0);
  CHECK(std::distance(fs::directory_iterator{roots.outside}, fs::directory_iterator{}) == 1);
}
