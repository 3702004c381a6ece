#include "chapters/06-users/user_namespace.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/sys.hpp"
#include "common/sys_file.hpp"
#include "common/sys_mount.hpp"
#include "common/sys_user.hpp"

namespace dockwright {

namespace {

constexpr const char* kUserHelper = "/usr/bin/newuidmap";
constexpr const char* kGroupHelper = "/usr/bin/newgidmap";

/// A switch of the kernel that shuts user namespaces to users.
struct Obstacle {
  const char* file;
  std::string_view shut;  ///< What it holds then.
  const char* cause;
  const char* cure;
};

//! [obstacles]
constexpr std::array kObstacles = std::to_array<Obstacle>({
    {"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1",
     "AppArmor lets only programs with a profile make user namespaces "
     "(Ubuntu since 23.10)",
     "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"},
    {"/proc/sys/kernel/unprivileged_userns_clone", "0",
     "this kernel lets only root make user namespaces (Debian before "
     "11)",
     "sudo sysctl kernel.unprivileged_userns_clone=1"},
    {"/proc/sys/user/max_user_namespaces", "0",
     "no user namespace may be made: their number is limited to 0",
     "sudo sysctl user.max_user_namespaces=10000"},
});
//! [obstacles]

/// What no switch tells: the kernel's answer to unshare is all.
Advice advice_on(int error) {
  Advice advice{.chapter = 6, .anchor = "ch06-obstacles"};
  if (error == ENOSPC) {
    advice.cause =
        "as many user namespaces as user.max_user_namespaces allows "
        "are there, or 32 are nested already";
    advice.cure =
        "end containers that are no longer needed, or use sudo";
  } else {
    advice.cause =
        "in a chroot the kernel makes no user namespace; or the "
        "filter of a container around us forbids it";
    advice.cure = "run it outside of the chroot or container";
  }
  return advice;
}

/// Says which of the obstacles it was, when it was one.
[[noreturn]] void throw_obstacle(const SystemCallError& error) {
  constexpr const char* kNone =
      "this machine lets you make no user namespace, and without root "
      "that is the only way to a container";
  for (const Obstacle& obstacle : kObstacles) {
    if (::access(obstacle.file, R_OK) != 0 ||
        sys::read_file(obstacle.file) != obstacle.shut)
      continue;
    std::throw_with_nested(
        Failure{kNone, Advice{.cause = obstacle.cause,
                              .cure = obstacle.cure,
                              .chapter = 6,
                              .anchor = "ch06-obstacles"}});
  }
  const int code = error.code().value();
  if (error.call() == "unshare" && (code == EPERM || code == ENOSPC))
    std::throw_with_nested(Failure{kNone, advice_on(code)});
  throw SystemCallError{error};
}

void write_map(const std::string& process, const char* file,
               std::string_view text) {
  const std::string path = fmt::format("{}/{}", process, file);
  const UniqueFd map = sys::open(path, O_WRONLY);
  sys::write_setting(map, path, text);
}

/// `newuidmap PID 0 1000 1 …`
void run_helper(const char* program, pid_t process,
                const std::vector<IdRange>& map) {
  std::vector<std::string> words = {program, std::to_string(process)};
  for (const IdRange& row : map)
    for (const std::uint32_t number :
         {row.inside, row.outside, row.count})
      words.push_back(std::to_string(number));
  Process helper = spawn({.speaker = "a helper on the host"},
                         [&] { sys::execve(program, words, {}); });
  helper.expect_started();
  if (const int code = helper.wait(); code != 0)
    throw Failure{
        fmt::format("{} refused the map (exit code {})", program, code),
        Advice{.cause = "it maps only what /etc/subuid and /etc/subgid "
                        "set aside for you, and it must be setuid root",
               .cure = "compare `grep $USER /etc/subuid /etc/subgid` "
                       "with what its message says",
               .chapter = 6,
               .anchor = "ch06-ranges"}};
}

/// The helpers work from outside: a child that stays there runs them
/// when we are in.
void enter_with_helpers(const IdMaps& maps) {
  Pipe inside = make_pipe();
  const pid_t self = ::getpid();
  Process outside = spawn({.speaker = "a child on the host"}, [&] {
    inside.write_end.reset();
    char byte = 0;
    if (check(retry([&] {
                return ::read(inside.read_end.get(), &byte, 1);
              }),
              "wait for the stage") != 1)
      return 1;  // it never went in
    run_helper(kUserHelper, self, maps.users);
    run_helper(kGroupHelper, self, maps.groups);
    return 0;
  });
  sys::unshare(CLONE_NEWUSER);
  check(::write(inside.write_end.get(), "", 1), "tell the helper");
  outside.expect_started();
  ignore(outside.wait(), "what went wrong has been thrown");
}

void enter_alone(const IdMaps& maps) {
  sys::unshare(CLONE_NEWUSER);
  because(
      "a group may also forbid: whoever maps without root must not be "
      "able to leave groups");
  write_map("/proc/self", "setgroups", "deny");
  write_map("/proc/self", "uid_map", id_map_text(maps.users));
  write_map("/proc/self", "gid_map", id_map_text(maps.groups));
}

/// As soon as there is a user 0 in the namespace, we are it.
void become_root(const IdMaps& maps) {
  if (maps_id(maps.groups, 0)) sys::setresgid(0);
  if (maps_id(maps.users, 0)) sys::setresuid(0);
}

}  // namespace

bool have_map_helpers() noexcept {
  return ::access(kUserHelper, X_OK) == 0 &&
         ::access(kGroupHelper, X_OK) == 0;
}

//! [enter_user_namespace]
void enter_user_namespace(const IdMaps& maps) {
  if (maps.way != IdMaps::Way::alone &&
      maps.way != IdMaps::Way::helpers)
    return;
  because(
      "in a user namespace of our own we are root, and may do the "
      "rest");
  try {
    if (maps.way == IdMaps::Way::alone)
      enter_alone(maps);
    else
      enter_with_helpers(maps);
    become_root(maps);
    because("a table of mounts that belongs to us, to copy from");
    sys::unshare(CLONE_NEWNS);
  } catch (const SystemCallError& error) {
    throw_obstacle(error);
  }
}
//! [enter_user_namespace]

ContainerMaps::ContainerMaps(const IdMaps& maps) : maps_{maps} {
  if (are_ours()) ready_ = make_pipe();
}

std::uint64_t ContainerMaps::clone_flag() const noexcept {
  return are_ours() ? CLONE_NEWUSER : 0;
}

//! [await]
void ContainerMaps::await() {
  if (!are_ours()) return;
  // Were our copy open, we should wait for ever for a dead stage.
  ready_.write_end.reset();
  char byte = 0;
  if (check(retry([&] {
              return ::read(ready_.read_end.get(), &byte, 1);
            }),
            "wait for the maps") != 1)
    throw Failure{"the stage ended before it wrote the maps"};
  because("with a map there is a root inside, and we are it");
  sys::setgroups({});
  become_root(maps_);
}
//! [await]

//! [apply]
void ContainerMaps::apply(const Process& container,
                          const UniqueFd& root,
                          const std::vector<Volume>& volumes) {
  if (!are_ours()) return;
  because("who is who in the container: only its parent may say so");
  const std::string process = fmt::format("/proc/{}", container.pid());
  //! [ex6.2]
  write_map(process, "uid_map", id_map_text(maps_.users));
  write_map(process, "gid_map", id_map_text(maps_.groups));
  //! [ex6.2]
  because("files keep their owners on disk, and show others inside");
  const UniqueFd numbers = sys::open(process + "/ns/user", O_RDONLY);
  const std::string shell = process + "/ns/user";
  if (root)
    sys::map_mount_owners(root, numbers, sys::Depth::one,
                          "the root file system", shell);
  for (const Volume& volume : volumes)
    if (volume.mount)
      sys::map_mount_owners(volume.mount, numbers,
                            sys::Depth::recursive,
                            "the copy of " + volume.spec.source, shell);
  check(::write(ready_.write_end.get(), "", 1),
        "let the container go on");
}
//! [apply]

}  // namespace dockwright
