#include "chapters/12-build-cache/mounts/memory_room.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mount.h>
#include <unistd.h>

#include <csignal>

#include "chapters/03-namespaces/init.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/files.hpp"
#include "common/sys.hpp"
#include "common/sys_mount.hpp"

namespace dockwright {

namespace {

constexpr const char* kMemory = "/dev/shm";

MemoryRoom mounted(const std::string& place) {
  UniqueFd memory = sys::make_filesystem(
      {.type = "tmpfs",
       .options = {{"mode", "0700"}, {"size", "16m"}},
       .attributes =
           MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC});
  sys::attach_mount(memory, sys::open(place, O_PATH), place);
  return {std::move(memory), place};
}

/// Nobody waits for the guard, nor ends it: it outlives us by a moment.
void guard(const UniqueFd& all, const std::string& name) {
  const UniqueFd self = own_pidfd();
  Process process = spawn({.speaker = "a guard"}, [&] {
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
      std::signal(number, SIG_IGN);
    pollfd waiting{self.get(), POLLIN, 0};
    ignore(retry([&] { return ::poll(&waiting, 1, -1); }),
           "then it is removed at once");
    files::remove_tree(all, name);
  });
  static_cast<void>(new Process{std::move(process)});  // on purpose
}

MemoryRoom guarded() {
  const UniqueFd all = sys::open(kMemory, O_RDONLY | O_DIRECTORY);
  const std::string name = files::unique_name("dockwright-");
  guard(all, name);
  return {files::directory_at(all, name, 0700),
          fmt::format("{}/{}", kMemory, name)};
}

}  // namespace

MemoryRoom make_memory_room(const std::string& place) {
  because("a secret must not come to lie on a disk");
  return ::geteuid() == 0 ? mounted(place) : guarded();
}

}  // namespace dockwright
