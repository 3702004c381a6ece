#include "common/sys_mount.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/flags.hpp"

namespace dockwright::sys {

using explain::Call;
using explain::shell_place;
using explain::shell_word;

namespace {

/// mount(8)'s words for flags: `ro,nosuid`.
std::string option_words(std::uint64_t attributes) {
  std::string words;
  const auto add = [&](std::uint64_t bit, std::string_view word) {
    if ((attributes & bit) != 0) words += fmt::format("{}{}", words.empty() ? "" : ",", word);
  };
  add(MOUNT_ATTR_RDONLY, "ro");
  add(MOUNT_ATTR_NOSUID, "nosuid");
  add(MOUNT_ATTR_NODEV, "nodev");
  add(MOUNT_ATTR_NOEXEC, "noexec");
  return words;
}

/// mount(8)'s word after `--make-`.
std::string_view propagation_word(std::uint64_t propagation) {
  switch (propagation) {
    case MS_SHARED:
      return "shared";
    case MS_SLAVE:
      return "slave";
    case MS_UNBINDABLE:
      return "unbindable";
    default:
      return "private";
  }
}

/// mount(8)'s words for the flags of a file system and for its own options: `nosuid,mode=755,size=64k`.
std::string all_options(const Filesystem& filesystem) {
  if (!filesystem.shell_options.empty()) return filesystem.shell_options;
  std::string words = option_words(filesystem.attributes);
  for (const auto& [key, value] : filesystem.options)
    words += fmt::format("{}{}{}{}", words.empty() ? "" : ",", key, value.empty() ? "" : "=", value);
  return words.empty() ? "defaults" : words;
}

/// mount_setattr does in one call what mount(8) needs a command each for.
std::string shell_of(const MountChange& change, const std::string& place) {
  const bool recursive = change.depth == Depth::recursive;
  std::string commands;
  if (change.propagation != 0)
    commands = fmt::format("mount --make-{}{} {}", recursive ? "r" : "", propagation_word(change.propagation),
                           place);
  if (change.set != 0)
    commands += fmt::format("{}mount -o remount,bind,{} {}", commands.empty() ? "" : "; ",
                            option_words(change.set), place);
  if ((change.clear & MOUNT_ATTR_RDONLY) != 0)
    commands += fmt::format("{}mount -o remount,bind,rw {}", commands.empty() ? "" : "; ", place);
  return commands;
}

std::string with_article(const std::string& type) {
  return (std::string_view{"aeiou"}.find(type.front()) == std::string_view::npos ? "a " : "an ") + type;
}

/// What a file system context has to say about the last call: "e tmpfs: Bad value for 'size'\n".
/// @man{fsopen,2}
std::string kernel_says(const UniqueFd& context) {
  std::array<char, 256> words{};
  const auto size = ::read(context.get(), words.data(), words.size());
  if (size <= 3) return "";
  std::string_view text{words.data() + 2, static_cast<std::size_t>(size) - 2};
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return fmt::format(" ({})", text);
}

[[noreturn]] void context_failed(std::string_view call, const UniqueFd& context, const std::string& attempt) {
  const int error = errno;
  throw SystemCallError{call, error, attempt + kernel_says(context)};
}

void configure(const UniqueFd& context, const std::string& type, const FilesystemOption& option) {
  const bool flag = option.value.empty();
  narrate("fsconfig", [&] {
    return Call{fmt::format("fsconfig({}, FSCONFIG_SET_{}, \"{}\", \"{}\")", context.get(),
                            flag ? "FLAG" : "STRING", option.key, option.value)};
  });
  if (::fsconfig(context.get(), flag ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING, option.key.c_str(),
                 flag ? nullptr : option.value.c_str(), 0) == -1)
    context_failed(
        "fsconfig", context,
        fmt::format("configure {} with '{}{}{}'", type, option.key, flag ? "" : "=", option.value));
}

}  // namespace

void mount(const MountCall& call) {
  narrate("mount", [&] {
    return Call{fmt::format("mount(\"{}\", \"{}\", \"{}\", {}, \"{}\")", call.source, call.target, call.type,
                            flags::mount(call.flags), call.data),
                fmt::format(
                    "mount -t {} -o {} {} {}", call.type,
                    [&] {
                      const std::string words = option_words(call.flags);  // the first four bits are the same
                      return words.empty() ? std::string{"defaults"} : words;
                    }(),
                    shell_word(call.source), shell_word(call.target))};
  });
  check_call(
      "mount",
      ::mount(call.source.c_str(), call.target.c_str(), call.type.c_str(), call.flags, call.data.c_str()),
      "mount {} on {}", call.type, call.target);
}

UniqueFd make_filesystem(const Filesystem& filesystem) {
  narrate("fsopen", [&] { return Call{fmt::format("fsopen(\"{}\", FSOPEN_CLOEXEC)", filesystem.type)}; });
  const UniqueFd context{check_call("fsopen", ::fsopen(filesystem.type.c_str(), FSOPEN_CLOEXEC),
                                    "begin a file system of type {}", filesystem.type)};
  configure(context, filesystem.type, {"source", filesystem.type});  // what `mount` shows in its first column
  for (const FilesystemOption& option : filesystem.options) configure(context, filesystem.type, option);
  narrate("fsconfig", [&] { return Call{fmt::format("fsconfig({}, FSCONFIG_CMD_CREATE)", context.get())}; });
  if (::fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) == -1)
    context_failed("fsconfig", context, fmt::format("create {}", with_article(filesystem.type)));
  narrate("fsmount", [&] {
    return Call{
        fmt::format("fsmount({}, FSMOUNT_CLOEXEC, {})", context.get(),
                    flags::mount_attr(filesystem.attributes)),
        fmt::format("mount -t {} -o {} {} …", filesystem.type, all_options(filesystem), filesystem.type)};
  });
  return UniqueFd{check_call(
      "fsmount", ::fsmount(context.get(), FSMOUNT_CLOEXEC, static_cast<unsigned>(filesystem.attributes)),
      "mount {}", with_article(filesystem.type))};
}

UniqueFd clone_mount(const UniqueFd& file, Depth depth, std::string_view name) {
  const unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH |
                         (depth == Depth::recursive ? static_cast<unsigned>(AT_RECURSIVE) : 0U);
  narrate("open_tree", [&] {
    return Call{
        fmt::format("open_tree({} /* {} */, \"\", OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC|AT_EMPTY_PATH{})",
                    file.get(), name, depth == Depth::recursive ? "|AT_RECURSIVE" : ""),
        fmt::format("mount --{} {} …", depth == Depth::recursive ? "rbind" : "bind", shell_place(name))};
  });
  return UniqueFd{check_call("open_tree", ::open_tree(file.get(), "", flags), "copy the mount at {}", name)};
}

void change_mount(const UniqueFd& mount, const MountChange& change, std::string_view name) {
  narrate("mount_setattr", [&] {
    std::string what = change.set != 0 ? fmt::format(".attr_set={}", flags::mount_attr(change.set)) : "";
    if (change.clear != 0)
      what += fmt::format("{}.attr_clr={}", what.empty() ? "" : ", ", flags::mount_attr(change.clear));
    if (change.propagation != 0)
      what +=
          fmt::format("{}.propagation={}", what.empty() ? "" : ", ", flags::propagation(change.propagation));
    return Call{fmt::format("mount_setattr({} /* {} */, \"\", AT_EMPTY_PATH{}, {{{}}})", mount.get(), name,
                            change.depth == Depth::recursive ? "|AT_RECURSIVE" : "", what),
                shell_of(change, shell_place(name))};
  });
  mount_attr attributes{};
  attributes.attr_set = change.set;
  attributes.attr_clr = change.clear;
  attributes.propagation = change.propagation;
  const unsigned flags =
      AT_EMPTY_PATH | (change.depth == Depth::recursive ? static_cast<unsigned>(AT_RECURSIVE) : 0U);
  check_call("mount_setattr", ::mount_setattr(mount.get(), "", flags, &attributes, sizeof attributes),
             "change the mount at {}", name);
}

void map_mount_owners(const UniqueFd& mount, const UniqueFd& user_namespace, Depth depth,
                      std::string_view name, std::string_view shell) {
  const bool recursive = depth == Depth::recursive;
  narrate("mount_setattr", [&] {
    return Call{fmt::format("mount_setattr({} /* {} */, \"\", AT_EMPTY_PATH{}, {{.attr_set=MOUNT_ATTR_IDMAP, "
                            ".userns_fd={}}})",
                            mount.get(), name, recursive ? "|AT_RECURSIVE" : "", user_namespace.get()),
                fmt::format("mount --{} -o X-mount.idmap={} {} …", recursive ? "rbind" : "bind", shell,
                            shell_place(name))};
  });
  mount_attr attributes{};
  attributes.attr_set = MOUNT_ATTR_IDMAP;
  attributes.userns_fd = static_cast<std::uint64_t>(user_namespace.get());
  const unsigned flags = AT_EMPTY_PATH | (recursive ? static_cast<unsigned>(AT_RECURSIVE) : 0U);
  check_call("map owners", ::mount_setattr(mount.get(), "", flags, &attributes, sizeof attributes),
             "map the owners of the files in {}", name);
}

void attach_mount(const UniqueFd& mount, const UniqueFd& target, std::string_view name) {
  narrate("move_mount", [&] {
    return Call{
        fmt::format(
            "move_mount({}, \"\", {} /* {} */, \"\", MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH)",
            mount.get(), target.get(), name),
        fmt::format("mount --move … {}", shell_place(name))};
  });
  check_call(
      "move_mount",
      ::move_mount(mount.get(), "", target.get(), "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH),
      "attach a mount to {}", name);
}

void attach_mount_at(const UniqueFd& mount, const UniqueFd& directory, const std::string& name) {
  narrate("move_mount", [&] {
    return Call{fmt::format("move_mount({}, \"\", {}, \"{}\", MOVE_MOUNT_F_EMPTY_PATH)", mount.get(),
                            directory.get(), name),
                fmt::format("mount --move … {}", shell_word(name))};
  });
  check_call("move_mount",
             ::move_mount(mount.get(), "", directory.get(), name.c_str(), MOVE_MOUNT_F_EMPTY_PATH),
             "attach a mount to {}", name);
}

void pivot_root_here() {
  narrate("pivot_root", [] { return Call{"pivot_root(\".\", \".\")", "pivot_root . ."}; });
  check_call("pivot_root", ::syscall(SYS_pivot_root, ".", "."), "make the working directory the root mount");
}

void detach_mount_here() {
  narrate("umount2", [] { return Call{"umount2(\".\", MNT_DETACH)", "umount --lazy ."}; });
  check_call("umount2", ::umount2(".", MNT_DETACH), "detach the old root");
}

void detach_mount(const UniqueFd& mount, std::string_view name) {
  const std::string path = fmt::format("/proc/self/fd/{}", mount.get());
  narrate("umount2", [&] {
    return Call{fmt::format("umount2(\"{}\" /* {} */, MNT_DETACH)", path, name),
                fmt::format("umount --lazy {}", shell_place(name))};
  });
  check_call("umount2", ::umount2(path.c_str(), MNT_DETACH), "detach the mount at {}", name);
}

}  // namespace dockwright::sys
