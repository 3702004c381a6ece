#include "common/flags.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/sched.h>
#include <sys/mount.h>

#include <array>
#include <csignal>
#include <cstring>
#include <span>

namespace dockwright::flags {

namespace {

struct Name {
  std::uint64_t bit;
  std::string_view name;
};

std::string join(std::uint64_t flags, std::span<const Name> names, std::string_view separator = "|") {
  std::string text;
  const auto add = [&](std::string_view word) {
    if (!text.empty()) text += separator;
    text += word;
  };
  for (const auto& [bit, name] : names) {
    if ((flags & bit) == bit) {
      add(name);
      flags &= ~bit;
    }
  }
  if (flags != 0) add(fmt::format("{:#x}", flags));
  return text.empty() ? "0" : text;
}

// A name stands before those whose bits it contains.
constexpr std::array kClone = std::to_array<Name>({
    {CLONE_NEWNS, "CLONE_NEWNS"},
    {CLONE_NEWUTS, "CLONE_NEWUTS"},
    {CLONE_NEWPID, "CLONE_NEWPID"},
    {CLONE_NEWIPC, "CLONE_NEWIPC"},
    {CLONE_NEWNET, "CLONE_NEWNET"},
    {CLONE_NEWUSER, "CLONE_NEWUSER"},
    {CLONE_NEWCGROUP, "CLONE_NEWCGROUP"},
    {CLONE_NEWTIME, "CLONE_NEWTIME"},
    {CLONE_PIDFD, "CLONE_PIDFD"},
    {CLONE_CLEAR_SIGHAND, "CLONE_CLEAR_SIGHAND"},
    {CLONE_INTO_CGROUP, "CLONE_INTO_CGROUP"},
});

constexpr std::array kMount = std::to_array<Name>({
    {MS_RDONLY, "MS_RDONLY"},
    {MS_NOSUID, "MS_NOSUID"},
    {MS_NODEV, "MS_NODEV"},
    {MS_NOEXEC, "MS_NOEXEC"},
    {MS_REMOUNT, "MS_REMOUNT"},
    {MS_BIND, "MS_BIND"},
    {MS_REC, "MS_REC"},
    {MS_PRIVATE, "MS_PRIVATE"},
    {MS_SLAVE, "MS_SLAVE"},
    {MS_SHARED, "MS_SHARED"},
    {MS_MOVE, "MS_MOVE"},
    {MS_RELATIME, "MS_RELATIME"},
});

constexpr std::array kMountAttr = std::to_array<Name>({
    {MOUNT_ATTR_RDONLY, "MOUNT_ATTR_RDONLY"},
    {MOUNT_ATTR_NOSUID, "MOUNT_ATTR_NOSUID"},
    {MOUNT_ATTR_NODEV, "MOUNT_ATTR_NODEV"},
    {MOUNT_ATTR_NOEXEC, "MOUNT_ATTR_NOEXEC"},
    {MOUNT_ATTR_IDMAP, "MOUNT_ATTR_IDMAP"},
});

constexpr std::array kPropagation = std::to_array<Name>({
    {MS_PRIVATE, "MS_PRIVATE"},
    {MS_SLAVE, "MS_SLAVE"},
    {MS_SHARED, "MS_SHARED"},
    {MS_UNBINDABLE, "MS_UNBINDABLE"},
});

constexpr std::array kOpen = std::to_array<Name>({
    {O_RDWR, "O_RDWR"},
    {O_WRONLY, "O_WRONLY"},
    {O_CREAT, "O_CREAT"},
    {O_EXCL, "O_EXCL"},
    {O_TRUNC, "O_TRUNC"},
    {O_APPEND, "O_APPEND"},
    {O_NONBLOCK, "O_NONBLOCK"},
    {O_NOFOLLOW, "O_NOFOLLOW"},
    {O_DIRECTORY, "O_DIRECTORY"},
    {O_PATH, "O_PATH"},
    {O_NOCTTY, "O_NOCTTY"},
    {O_CLOEXEC, "O_CLOEXEC"},
});

constexpr std::array kUnshare = std::to_array<Name>({
    {CLONE_NEWNS, "--mount"},
    {CLONE_NEWUTS, "--uts"},
    {CLONE_NEWPID, "--pid --fork"},
    {CLONE_NEWIPC, "--ipc"},
    {CLONE_NEWNET, "--net"},
    {CLONE_NEWUSER, "--user"},
    {CLONE_NEWCGROUP, "--cgroup"},
});

}  // namespace

std::string clone(std::uint64_t flags) { return join(flags, kClone); }
std::string mount(std::uint64_t flags) { return join(flags, kMount); }
std::string mount_attr(std::uint64_t flags) { return join(flags, kMountAttr); }
std::string propagation(std::uint64_t flags) { return join(flags, kPropagation); }

std::string open(std::uint64_t flags) {
  const std::string names = join(flags, kOpen);
  if ((flags & O_ACCMODE) != O_RDONLY || (flags & O_PATH) != 0) return names;
  return names == "0" ? "O_RDONLY" : "O_RDONLY|" + names;
}

std::string signal(int number) {
  const char* const name = ::sigabbrev_np(number);
  return name != nullptr ? fmt::format("SIG{}", name) : fmt::format("SIG{}", number);
}

std::string unshare_options(std::uint64_t flags) {
  std::uint64_t namespaces = 0;
  for (const Name& known : kUnshare) namespaces |= known.bit;
  const std::string options = join(flags & namespaces, kUnshare, " ");
  return options == "0" ? "" : options;
}

}  // namespace dockwright::flags
