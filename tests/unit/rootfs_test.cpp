#include "chapters/02-chroot/rootfs.hpp"

#include <fcntl.h>

#include <filesystem>
#include <fstream>

#include "chapters/04-mounts/masks.hpp"
#include "common/check.hpp"
#include "common/errors.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/temporary.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

TEST_CASE("a directory with something in it can be a root", "[rootfs]") {
  const TemporaryDirectory directory;
  fs::create_directory(directory.path() / "bin");
  CHECK(static_cast<bool>(open_rootfs(directory.path())));
  CHECK(static_cast<bool>(open_rootfs(directory.path().native() + "///")));
}

TEST_CASE("what cannot be a root is refused with the reason", "[rootfs]") {
  const TemporaryDirectory directory;
  const fs::path file = directory.path() / "file";
  std::ofstream{file} << "x";
  fs::create_directory(directory.path() / "empty");
  fs::create_symlink("empty", directory.path() / "link");
  CHECK_THROWS_WITH(open_rootfs(directory.path() / "none"),
                    Catch::Matchers::EndsWith("No such file or directory"));
  CHECK_THROWS_WITH(open_rootfs(file), Catch::Matchers::EndsWith("Not a directory"));
  CHECK_THROWS_WITH(open_rootfs(directory.path() / "link"),
                    Catch::Matchers::EndsWith("Too many levels of symbolic links"));
  CHECK_THROWS_WITH(open_rootfs((directory.path() / "link").native() + "/"),
                    Catch::Matchers::EndsWith("Too many levels of symbolic links"));
  CHECK_THROWS_WITH(open_rootfs(directory.path() / "empty"), Catch::Matchers::EndsWith("empty is empty"));
  try {
    ignore(open_rootfs(directory.path() / "empty").get(), "refused");
  } catch (const Failure& failure) {
    CHECK(contains(describe(failure), "\n  cause: a program and all that it needs must be in its root"));
    CHECK(contains(describe(failure), "\n  cure:  fill it: samples/bases/busybox "));
    CHECK(contains(describe(failure), "(book/02-chroot.md#ch02-rootfs)"));
  }
}

TEST_CASE("no path is both masked and read-only, and all are in /proc or /sys", "[masks]") {
  for (const std::string_view path : masked_paths()) {
    CHECK((path.starts_with("/proc/") || path.starts_with("/sys/")));
    for (const std::string_view other : read_only_paths()) CHECK(path != other);
  }
}
