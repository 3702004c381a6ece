// Overlay mounts, in both ways in which the kernel is told of the layers; each in a mount namespace of its
// own.

#include "chapters/08-layers/overlay.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <fstream>
#include <functional>

#include "common/check.hpp"
#include "common/process.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/temporary.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

Layer layer(const fs::path& path) {
  fs::create_directories(path);
  return {UniqueFd{check(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open {}", path.native())},
          path.native()};
}

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream{path} << text;
}

std::string read_at(const UniqueFd& root, const char* name) {
  const UniqueFd file{::openat(root.get(), name, O_RDONLY | O_CLOEXEC)};
  char bytes[64];
  const auto size = file ? ::read(file.get(), bytes, sizeof bytes) : -1;
  return size < 0 ? "absent" : std::string{bytes, static_cast<std::size_t>(size)};
}

/// What `body` says in a mount namespace of its own, where nothing is shared.
std::string apart(const std::function<std::string()>& body) {
  Process child = spawn({.namespaces = CLONE_NEWNS}, [&] {
    check(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "cut the ties");
    std::string said;
    try {
      said = body();
    } catch (const std::exception& error) {
      said = error.what();
    }
    throw Failure{said};  // comes out at the other end
  });
  try {
    child.expect_started();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing";
}

/// A detached overlay's root, to be looked into.
UniqueFd root_of(const UniqueFd& mount) {
  return UniqueFd{check(::openat(mount.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open the overlay")};
}

Overlay two_layers(const fs::path& base) {
  write(base / "low" / "file", "low");
  write(base / "low" / "below", "below");
  write(base / "high" / "file", "high");
  Overlay overlay;
  overlay.lower.push_back(layer(base / "high"));
  overlay.lower.push_back(layer(base / "low"));
  overlay.upper = layer(base / "diff");
  overlay.work = layer(base / "work");
  return overlay;
}

}  // namespace

TEST_CASE("the topmost layer wins, and what is written goes to the upper directory", "[layers][needs-root]") {
  NEEDS_ROOT();
  for (const LayerNames names : {LayerNames::automatic, LayerNames::one_string}) {
    const TemporaryDirectory directory;
    const std::string said = apart([&] {
      const Overlay overlay = two_layers(directory.path());
      const UniqueFd mount = mount_overlay(overlay, {.names = names});
      const UniqueFd root = root_of(mount);
      const UniqueFd made{::openat(root.get(), "new", O_WRONLY | O_CREAT | O_CLOEXEC, 0644)};
      check(::unlinkat(root.get(), "below", 0), "remove a file");
      return read_at(root, "file") + " " + read_at(root, "below") + " " + read_at(root, "new");
    });
    CHECK(said == "high absent ");
    CHECK(fs::exists(directory.path() / "diff" / "new"));
    CHECK(fs::is_character_file(directory.path() / "diff" / "below"));
    CHECK(fs::exists(directory.path() / "low" / "below"));
  }
}

TEST_CASE("a detached overlay is in nobody's table of mounts", "[layers][needs-root]") {
  NEEDS_ROOT();
  for (const LayerNames names : {LayerNames::automatic, LayerNames::one_string}) {
    const TemporaryDirectory directory;
    CHECK(apart([&] {
            const Overlay overlay = two_layers(directory.path());
            const auto table = [] {
              std::ifstream file{"/proc/self/mountinfo"};
              return std::string{std::istreambuf_iterator<char>{file}, {}};
            };
            const std::string before = table();
            const UniqueFd mount = mount_overlay(overlay, {.names = names});
            return table() == before ? std::string{"the same"} : table();
          }) == "the same");
  }
}

TEST_CASE("three hundred layers fit, by either way of naming them", "[layers][needs-root]") {
  NEEDS_ROOT();
  const TemporaryDirectory directory;
  const auto path_of = [&](int i) {
    return directory.path() / ("a-name-that-would-fill-a-page-" + std::to_string(i));
  };
  for (int i = 1; i <= 300; ++i) {
    write(path_of(i) / "last", std::to_string(i));
    write(path_of(i) / ("only-" + std::to_string(i)), "x");
  }
  for (const LayerNames names : {LayerNames::automatic, LayerNames::one_string})
    CHECK(apart([&] {
            Overlay overlay;
            for (int i = 300; i > 0; --i) overlay.lower.push_back(layer(path_of(i)));
            const UniqueFd root = root_of(mount_overlay(overlay, {.names = names}));
            return read_at(root, "last") + read_at(root, "only-1") + read_at(root, "only-300");
          }) == "300xx");
}

TEST_CASE("a mark in a layer does not lead to another directory", "[layers][needs-root][security]") {
  NEEDS_ROOT();
  const TemporaryDirectory directory;
  write(directory.path() / "low" / "secret" / "key", "secret");
  fs::create_directories(directory.path() / "high" / "door");
  check(::setxattr((directory.path() / "high" / "door").c_str(), "trusted.overlay.redirect", "/secret", 7, 0),
        "plant a mark");
  CHECK(apart([&] {
          const UniqueFd root = root_of(mount_overlay(two_layers(directory.path())));
          return read_at(root, "secret/key") + " " + read_at(root, "door/key");
        }) == "secret absent");
}

TEST_CASE("why an overlay is refused is told by its directories", "[layers][needs-root][bad]") {
  NEEDS_ROOT();
  const TemporaryDirectory directory;
  for (const LayerNames names : {LayerNames::automatic, LayerNames::one_string})
    CHECK(contains(apart([&] {
                     Overlay overlay = two_layers(directory.path());
                     overlay.lower.push_back(layer(directory.path() / "high" / "inner"));
                     return std::to_string(mount_overlay(overlay, {.names = names}).get());
                   }),
                   "which is a layer too"));
}
