// A step's mounts, made ready: where each comes from, and that nothing comes from anywhere else.

#include "chapters/12-build-cache/mounts/step_mounts.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "chapters/04-mounts/volumes.hpp"
#include "chapters/09-images/store.hpp"
#include "common/check.hpp"
#include "common/sys_mount.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/temporary.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

UniqueFd open(const fs::path& path) {
  return UniqueFd{check(::open(path.c_str(), O_RDONLY | O_CLOEXEC), "open {}", path.native())};
}

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream{path} << text;
}

std::string read(const fs::path& path) {
  std::stringstream text;
  const std::ifstream file{path};
  if (!file) return "absent";
  text << file.rdbuf();
  return text.str();
}

/// A context, a root to mount into, and what is outside of both.
struct Room {
  Room() {
    write(context / "a.txt", "from the context");
    write(context / "sub/b.txt", "below");
    write(outside / "secret.txt", "the host's");
    fs::create_directories(root);
    fs::create_directories(store);
  }
  TemporaryDirectory directory{};
  fs::path context = directory.path() / "context";
  fs::path outside = directory.path() / "outside";
  mutable int count = 0;  ///< Each step has a place of its own.
  fs::path root = directory.path() / "root";
  fs::path store = directory.path() / "store";
  Secrets secrets{};
  Agents agents{};

  /// What `look` says of a root with these mounts, in a child as a step is one.
  std::string look(const std::vector<std::string>& mounts,
                   const std::function<std::string(const StepMounts&)>& look_at) const {
    const fs::path place = directory.path() / fmt::format("place{}", count++);
    fs::create_directories(place);
    const UniqueFd opened = open(context);  // in the mount namespace of the parent, as the builder's is
    Process child = spawn({.namespaces = CLONE_NEWNS}, [&] {
      check(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "cut the ties");
      std::string said;
      try {
        std::vector<RunMount> wanted;
        for (const std::string& text : mounts) wanted.push_back(parse_run_mount(text));
        const MountSources sources{
            .open = [&](const std::string&, const std::string&) { return UniqueFd{::dup(opened.get())}; },
            .secrets = &secrets,
            .agents = &agents,
            .store = store};
        const StepMounts made = prepare_mounts(wanted, "/work", place, sources);
        Spec spec;
        spec.mounts = made.mounts;
        attach_volumes(open(root), open_volumes(spec));
        said = look_at(made);
      } catch (const std::exception& error) {
        said = error.what();
      }
      throw Failure{said};
    });
    try {
      child.expect_started();
    } catch (const std::exception& error) {
      return error.what();
    }
    return "nothing";
  }
  std::string read_in(const std::vector<std::string>& mounts, const char* path) const {
    return look(mounts, [&](const StepMounts&) { return read(root / path); });
  }
};

}  // namespace

TEST_CASE("a bind mount shows the context, or what is below it", "[build][mounts][needs-root]") {
  NEEDS_ROOT();
  const Room room;
  CHECK(room.read_in({"target=/in"}, "in/a.txt") == "from the context");
  CHECK(room.read_in({"target=/in,source=sub"}, "in/b.txt") == "below");
  CHECK(room.read_in({"target=/in/file,source=sub/b.txt"}, "in/file") == "below");
  CHECK(room.read_in({"target=rel,source=/sub"}, "work/rel/b.txt") == "below");
  CHECK(room.read_in({"target=/in,source=gone"}, "in") == "failed to compute cache key: \"gone\": not found");
}

TEST_CASE("a bind mount's source cannot leave the context", "[build][mounts][security][needs-root]") {
  NEEDS_ROOT();
  const Room room;
  fs::create_symlink(room.outside, room.context / "out");
  fs::create_symlink("../../outside", room.context / "up");
  fs::create_symlink("sub", room.context / "in");
  for (const char* const source : {"out/secret.txt", "up/secret.txt", "../outside/secret.txt"})
    CHECK_THAT(room.read_in({std::string{"target=/in,source="} + source}, "in"),
               Catch::StartsWith("failed to compute cache key"));
  CHECK(room.read_in({"target=/in,source=in/b.txt"}, "in") == "below");
}

TEST_CASE("a mount's target that is a link stays in the root", "[build][mounts][security][needs-root]") {
  NEEDS_ROOT();
  const Room room;
  fs::create_directories(room.root / "real");
  fs::create_symlink("/", room.root / "top");
  fs::create_symlink(room.outside, room.root / "out");
  fs::create_directory(room.root / "sub");
  CHECK(room.read_in({"target=/top/real"}, "real/a.txt") == "from the context");
  CHECK(room.read_in({"target=/../../../real"}, "real/a.txt") == "from the context");
  CHECK(room.look({"target=/out"}, [&](const StepMounts&) { return read(room.outside / "a.txt"); }) !=
        "from the context");
  CHECK(read(room.outside / "secret.txt") == "the host's");
}

TEST_CASE("a bind mount is read-only, or what is written is thrown away", "[build][mounts][needs-root]") {
  NEEDS_ROOT();
  const Room room;
  const auto write_there = [&](const StepMounts&) {
    write(room.root / "in/a.txt", "changed");
    return read(room.root / "in/a.txt");
  };
  CHECK(room.look({"target=/in"}, write_there) == "from the context");
  CHECK(room.look({"target=/in,rw"}, write_there) == "changed");
  CHECK(read(room.context / "a.txt") == "from the context");
}

TEST_CASE("a cache outlives its step", "[build][mounts][needs-root]") {
  NEEDS_ROOT();
  const Room room;
  const auto add = [&](const StepMounts&) {
    std::ofstream{room.root / "c/log", std::ios::app} << "x";
    return read(room.root / "c/log");
  };
  CHECK(room.look({"type=cache,target=/c"}, add) == "x");
  CHECK(room.look({"type=cache,target=/c"}, add) == "xx");
  CHECK(room.look({"type=cache,target=/c,id=other"}, add) == "x");
  CHECK(room.look({"type=cache,target=/c,id=/c,sharing=locked"}, add) == "xxx");
  CHECK(room.look({"type=cache,target=/c,ro"}, add) == "xxx");
  CHECK(room.look({"type=cache,target=/c,id=filled,from=x,source=sub,mode=0711,uid=7,gid=8"},
                  [&](const StepMounts&) {
                    struct stat status {};
                    check(::stat((room.root / "c").c_str(), &status), "look");
                    return fmt::format("{:o} {} {} {}", status.st_mode & 07777U, status.st_uid, status.st_gid,
                                       read(room.root / "c/b.txt"));
                  }) == "711 7 8 below");
}

TEST_CASE("steps share a cache, wait for it, or have one each", "[build][mounts]") {
  const TemporaryDirectory directory;
  const auto take = [&](RunMount::Sharing sharing) {
    return open_mount_cache(directory.path(), {.id = "x", .sharing = sharing}, {});
  };
  using Sharing = RunMount::Sharing;
  const CacheMount first = take(Sharing::shared);
  const CacheMount second = take(Sharing::shared);
  CHECK(first.path == second.path);
  CacheMount own = take(Sharing::exclusive);
  CHECK(own.path != first.path);
  CHECK(take(Sharing::exclusive).path != own.path);
  own.lock.reset();
  CHECK(take(Sharing::exclusive).path == own.path);
  CHECK(::flock(open(fs::path{first.path}.parent_path()).get(), LOCK_EX | LOCK_NB) == -1);
}

TEST_CASE("caches are listed, and removed unless in use", "[build][mounts][needs-root]") {
  NEEDS_ROOT();
  const TemporaryDirectory directory;
  const Store store = Store::open({.root = directory.path() / "store"});
  CHECK(mount_caches(store).empty());
  {
    const CacheMount cache = open_mount_cache(store.path(), {.id = "/root/.cache"}, {});
    write(fs::path{cache.path} / "a/b", "12345");
    const auto caches = mount_caches(store);
    REQUIRE(caches.size() == 1);
    CHECK(caches[0].id == "/root/.cache");
    CHECK(caches[0].bytes == 5);
    CHECK(caches[0].in_use);
    CHECK_FALSE(remove_mount_cache(store, caches[0]));
  }
  const auto caches = mount_caches(store);
  REQUIRE(caches.size() == 1);
  CHECK_FALSE(caches[0].in_use);
  CHECK(remove_mount_cache(store, caches[0]));
  CHECK(mount_caches(store).empty());
  CHECK(fs::is_empty(directory.path() / "store/mounts"));
}

TEST_CASE("a secret is a file in memory, or a variable", "[build][mounts][security][needs-root]") {
  NEEDS_ROOT();
  Room room;
  write(room.directory.path() / "token", "s3cret-value");
  room.secrets = Secrets{{"id=token,src=" + (room.directory.path() / "token").native()}};
  CHECK(room.look({"type=secret,id=token,uid=5,gid=6"}, [&](const StepMounts&) {
    struct stat status {};
    check(::stat((room.root / "run/secrets/token").c_str(), &status), "look");
    return fmt::format("{:o} {} {} {}", status.st_mode & 07777U, status.st_uid, status.st_gid,
                       read(room.root / "run/secrets/token"));
  }) == "400 5 6 s3cret-value");
  CHECK(room.look({"type=secret,id=token,env=TOKEN"}, [&](const StepMounts& made) {
    return made.environment.at(0) + std::to_string(made.mounts.size());
  }) == "TOKEN=s3cret-value0");
  CHECK(room.look({"type=secret,id=none"},
                  [](const StepMounts& made) { return std::to_string(made.mounts.size()); }) == "0");
  CHECK(room.read_in({"type=secret,id=none,required"}, "") == "secret none: not found");
  // Nothing of it is left on the disk.
  for (const auto& entry : fs::recursive_directory_iterator{room.directory.path()})
    if (entry.is_regular_file() && entry.path().filename() != "token")
      CHECK(read(entry.path()).find("s3cret-value") == std::string::npos);
}

TEST_CASE("build's --secret is read, and a wrong one refused", "[build][mounts]") {
  ::setenv("DOCKWRIGHT_TEST_SECRET", "from the environment", 1);
  const Secrets secrets{
      {"id=a,env=DOCKWRIGHT_TEST_SECRET", "type=env,id=DOCKWRIGHT_TEST_SECRET", "id=empty,src=/dev/null"}};
  REQUIRE(secrets.find("a") != nullptr);
  CHECK(*secrets.find("a") == "from the environment");
  CHECK(*secrets.find("DOCKWRIGHT_TEST_SECRET") == "from the environment");
  CHECK(secrets.find("empty")->empty());
  CHECK(secrets.find("b") == nullptr);
  const auto refused = [](const std::string& text) { return Secrets{{text}}; };
  CHECK_THROWS_WITH(refused("src=/x"), Catch::Contains("it needs an id"));
  CHECK_THROWS_WITH(refused("id=a,sorce=/x"),
                    Catch::Contains("unexpected key 'sorce'; did you mean source?"));
  CHECK_THROWS_WITH(refused("id=a,type=vault"), Catch::Contains("unsupported secret type \"vault\""));
  CHECK_THROWS_WITH(refused("id=a,src=/nonexistent/x"), Catch::Contains("open the secret a: /nonexistent/x"));
  CHECK_THROWS_WITH(refused("id=a,src=/dev/zero"), Catch::Contains("the secret a is too big"));
}

TEST_CASE("a step speaks to the caller's SSH agent through a socket of its own",
          "[build][mounts][needs-root]") {
  NEEDS_ROOT();
  Room room;
  const std::string agent = room.directory.path() / "agent";
  const UniqueFd listening{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  agent.copy(address.sun_path, agent.size());
  REQUIRE(::bind(listening.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(listening.get(), 4) == 0);
  Process echo = spawn({}, [&] {
    for (;;) {
      const UniqueFd one{::accept(listening.get(), nullptr, nullptr)};
      char bytes[64];
      const auto size = ::read(one.get(), bytes, sizeof bytes);
      const std::string answer = "signed: " + std::string{bytes, static_cast<std::size_t>(size)};
      ignore(::write(one.get(), answer.data(), answer.size()), "a test");
    }
  });
  room.agents = Agents{{"default=" + agent}};
  CHECK(room.look({"type=ssh,uid=9,mode=0640"}, [&](const StepMounts& made) {
    const fs::path socket = room.root / "run/buildkit/ssh_agent.0";
    struct stat status {};
    check(::stat(socket.c_str(), &status), "look");
    UniqueFd one{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_un there{};
    there.sun_family = AF_UNIX;
    socket.native().copy(there.sun_path, socket.native().size());
    check(::connect(one.get(), reinterpret_cast<sockaddr*>(&there), sizeof there), "connect");
    ignore(::write(one.get(), "hello", 5), "a test");
    char bytes[64];
    const auto size = ::read(one.get(), bytes, sizeof bytes);
    return fmt::format("{:o} {} {} {}", status.st_mode & 07777U, status.st_uid, made.environment.at(0),
                       std::string{bytes, static_cast<std::size_t>(size)});
  }) == "640 9 SSH_AUTH_SOCK=/run/buildkit/ssh_agent.0 signed: hello");
  CHECK(room.read_in({"type=ssh,id=other,required"}, "") == "no SSH key \"other\" forwarded from the client");
  CHECK_THROWS_WITH(Agents{{"default=/dev/null"}}, Catch::Contains("is no agent's socket"));
}

TEST_CASE("a tmpfs is writable memory of its size", "[build][mounts][needs-root]") {
  NEEDS_ROOT();
  const Room room;
  CHECK(room.look({"type=tmpfs,target=/t,size=1m"}, [&](const StepMounts&) {
    write(room.root / "t/a", "x");
    write(room.root / "t/b", std::string(2U << 20U, 'x'));
    return read(room.root / "t/a") + (fs::file_size(room.root / "t/b") < (2U << 20U) ? " full" : " endless");
  }) == "x full");
  CHECK(fs::is_empty(room.root / "t"));
}
