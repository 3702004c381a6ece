#include "chapters/12-build-cache/mounts/step_mounts.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <filesystem>

#include "chapters/08-layers/layered_root.hpp"
#include "chapters/08-layers/overlay.hpp"
#include "chapters/08-layers/stream.hpp"
#include "chapters/08-layers/upper.hpp"
#include "chapters/09-images/copy_tree.hpp"
#include "chapters/09-images/user_root.hpp"
#include "chapters/12-build-cache/mounts/memory_room.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/files.hpp"
#include "common/open_in_root.hpp"
#include "common/sys.hpp"
#include "common/sys_mount.hpp"

namespace dockwright {

namespace {

using Type = RunMount::Type;

UniqueFd again(const UniqueFd& file) {
  return UniqueFd{check(::fcntl(file.get(), F_DUPFD_CLOEXEC, 0),
                        "open a file again")};
}

bool is_directory(const UniqueFd& file) {
  struct stat status {};
  check(::fstat(file.get(), &status), "look at a mount's source");
  return S_ISDIR(status.st_mode);
}

/// The same place, opened anew through our own table of mounts: a
/// descriptor from before we had one belongs to another table, and the
/// kernel copies no mount of that. What is mounted nowhere stays.
UniqueFd in_our_mounts(UniqueFd file, const std::string& place) {
  std::array<char, PATH_MAX> path{};
  const std::string link = fmt::format("/proc/self/fd/{}", file.get());
  const auto size = check_call(
      "readlink", ::readlink(link.c_str(), path.data(), path.size()),
      "ask where a mount's source is");
  UniqueFd again{::open(
      std::string{path.data(), static_cast<std::size_t>(size)}.c_str(),
      O_PATH | O_CLOEXEC)};
  struct stat one {};
  struct stat other {};
  check(::fstat(file.get(), &one), "look at a mount's source");
  if (again && ::fstat(again.get(), &other) == 0 &&
      one.st_dev == other.st_dev && one.st_ino == other.st_ino)
    return again;
  because("a mount that is nowhere can be copied once it is somewhere");
  const UniqueFd target = sys::open(place, O_PATH | O_DIRECTORY);
  sys::attach_mount(file, target, place);
  return file;
}

class Preparation {
 public:
  Preparation(std::string workdir, std::string place,
              const MountSources& sources)
      : workdir_{std::move(workdir)},
        place_{std::move(place)},
        sources_{sources},
        directory_{sys::open(place_, O_RDONLY | O_DIRECTORY)} {}

  void add(const RunMount& mount) {
    switch (mount.type) {
      case Type::bind:
        return add_bind(mount);
      case Type::cache:
        return add_cache(mount);
      case Type::tmpfs:
        return add_tmpfs(mount);
      case Type::secret:
        return add_secret(mount);
      case Type::ssh:
        return add_agent(mount);
    }
  }

  [[nodiscard]] StepMounts take() { return std::move(made_); }

 private:
  std::string target_of(const std::string& target) const {
    return (std::filesystem::path{workdir_.empty() ? "/" : workdir_} /
            target)
        .lexically_normal();
  }

  /// A new directory of ours; its path.
  std::string fresh() {
    const std::string name = fmt::format("m{}", count_++);
    static_cast<void>(files::directory_at(directory_, name, 0755));
    return fmt::format("{}/{}", place_, name);
  }

  void show(const std::string& source, const RunMount& mount,
            bool read_only) {
    made_.mounts.push_back({.source = source,
                            .target = target_of(mount.target),
                            .read_only = read_only});
  }

  /// What `from` and `source` name; the kernel finds it, inside.
  UniqueFd source_of(const RunMount& mount) {
    const std::string place = fresh();
    const UniqueFd root =
        in_our_mounts(sources_.open(mount.from, place), place);
    auto source = try_open_in_root(
        root, mount.source.empty() ? "/" : mount.source, O_PATH);
    if (!source)
      throw Failure{
          fmt::format("failed to compute cache key: \"{}\": not found",
                      mount.source)};
    return std::move(*source);
  }

  void add_bind(const RunMount& mount) {
    if (!may_mount_) return copy_bind(mount);
    const UniqueFd source = source_of(mount);
    const bool directory = is_directory(source);
    const std::string above = fresh();
    const UniqueFd own = sys::open(above, O_RDONLY | O_DIRECTORY);
    const std::string path = above + "/it";
    if (directory)
      static_cast<void>(files::directory_at(own, "it", 0755));
    else
      static_cast<void>(files::create_at(own, "it", 0600));
    const UniqueFd target = sys::open(path, O_PATH);
    if (mount.read_only || !directory) {
      UniqueFd copy =
          sys::clone_mount(source, sys::Depth::one, "a mount's source");
      sys::change_mount(copy, {.propagation = MS_PRIVATE},
                        "a mount's source");
      sys::attach_mount(copy, target, path);
    } else {
      lay_over(source, target, {sys::open(above, O_RDONLY), above});
    }
    show(path, mount, mount.read_only || !directory);
  }

  /// Without root there is nothing to mount yet: the step gets a copy.
  void copy_bind(const RunMount& mount) {
    const std::string above = fresh();
    apart_as_root([&] {
      take_own_mounts({.overlay = true});
      const UniqueFd source = source_of(mount);
      const UniqueFd own = sys::open(above, O_RDONLY | O_DIRECTORY);
      const UniqueFd from = sys::open(
          fmt::format("/proc/self/fd/{}", source.get()), O_RDONLY);
      if (is_directory(source)) {
        copy_tree(from, files::directory_at(own, "it", 0755));
        return;
      }
      const UniqueFd to = files::create_at(own, "it", 0600);
      FileSource content{again(from), "a mount's source"};
      FileSink sink{to, "a copy of it"};
      copy(content, sink);
      copy_status(from, to);
    });
    show(above + "/it", mount, mount.read_only);
  }

  /// What the step writes is not kept: it goes to an overlay.
  static void lay_over(const UniqueFd& source, const UniqueFd& target,
                       const Layer& room) {
    Overlay overlay;
    overlay.lower.push_back(
        {sys::open(fmt::format("/proc/self/fd/{}", source.get()),
                   O_RDONLY | O_DIRECTORY),
         "a mount's source"});
    make_workshop(room, access_of(overlay.lower.front()));
    Workshop workshop = open_workshop(room);
    const bool trusted = keeps_trusted_marks(workshop.diff);
    overlay.upper = std::move(workshop.diff);
    overlay.work = std::move(workshop.work);
    sys::attach_mount(mount_overlay(overlay, {.user_xattrs = !trusted,
                                              .fleeting = true}),
                      target, room.name);
  }

  void add_cache(const RunMount& mount) {
    std::function<void(const UniqueFd&)> fill;
    if (!mount.from.empty())
      fill = [&](const UniqueFd& into) {
        if (!may_mount_) take_own_mounts({.overlay = true});
        const UniqueFd source = source_of(mount);
        copy_tree(
            sys::open(fmt::format("/proc/self/fd/{}", source.get()),
                      O_RDONLY | O_DIRECTORY),
            into);
      };
    CacheMount cache = open_mount_cache(
        sources_.store,
        {.id = mount.id,
         .seed_name =
             mount.from.empty() ? "" : mount.from + '\0' + mount.source,
         .sharing = mount.sharing,
         .mode = mount.mode.value_or(0755),
         .user = mount.user,
         .group = mount.group},
        fill);
    made_.locks.push_back(std::move(cache.lock));
    show(cache.path, mount, mount.read_only);
  }

  void add_tmpfs(const RunMount& mount) {
    std::string options = "exec,mode=1777";
    if (mount.size_bytes)
      options += fmt::format(",size={}", *mount.size_bytes);
    made_.mounts.push_back({.type = MountSpec::Type::tmpfs,
                            .target = target_of(mount.target),
                            .options = options,
                            .read_only = mount.read_only});
  }

  /// Memory for secrets and sockets.
  const UniqueFd& memory() {
    if (!memory_.directory) memory_ = make_memory_room(fresh());
    return memory_.directory;
  }

  void add_secret(const RunMount& mount) {
    const std::string* const value =
        sources_.secrets == nullptr ? nullptr
                                    : sources_.secrets->find(mount.id);
    if (value == nullptr) {
      if (!mount.required) return;
      throw Failure{fmt::format("secret {}: not found", mount.id)};
    }
    if (mount.variable)
      made_.environment.push_back(
          fmt::format("{}={}", *mount.variable, *value));
    if (mount.target.empty()) return;
    const std::string name = fmt::format("s{}", count_++);
    const mode_t mode = mount.mode.value_or(0400);
    const UniqueFd file = files::create_at(memory(), name, mode);
    files::write_all(file, *value, "a secret");
    as_root_of_user_namespace([&] {
      check(::fchown(file.get(), mount.user, mount.group),
            "give a secret to user {}", mount.user);
      check(::fchmod(file.get(), mode), "set a secret's mode");
    });
    show(memory_.path + "/" + name, mount, true);
  }

  void add_agent(const RunMount& mount) {
    const std::string* const agent =
        sources_.agents == nullptr ? nullptr
                                   : sources_.agents->find(mount.id);
    if (agent == nullptr) {
      if (!mount.required) return;
      throw Failure{fmt::format(
          "no SSH key \"{}\" forwarded from the client", mount.id)};
    }
    RunMount placed = mount;
    if (placed.target.empty())
      placed.target = fmt::format("/run/buildkit/ssh_agent.{}",
                                  made_.relays.size());
    const std::string name = fmt::format("a{}", count_++);
    made_.relays.push_back(relay_agent(
        memory(), name,
        {mount.mode.value_or(0600), mount.user, mount.group}, *agent));
    if (made_.relays.size() == 1)
      made_.environment.push_back("SSH_AUTH_SOCK=" +
                                  target_of(placed.target));
    show(memory_.path + "/" + name, placed, true);
  }

  bool may_mount_ = ::geteuid() == 0;
  std::string workdir_;
  std::string place_;
  const MountSources& sources_;
  UniqueFd directory_;
  MemoryRoom memory_{};
  unsigned count_ = 0;
  StepMounts made_{};
};

}  // namespace

StepMounts prepare_mounts(const std::vector<RunMount>& wanted,
                          const std::string& workdir,
                          const std::string& place,
                          const MountSources& sources) {
  Preparation preparation{workdir, place, sources};
  for (const RunMount& mount : wanted) preparation.add(mount);
  return preparation.take();
}

std::string mount_inputs(const RunMount& mount) {
  static constexpr std::array kTypes{"bind", "cache", "tmpfs", "secret",
                                     "ssh"};
  return fmt::format(
      "type={}\nsource={}\ntarget={}\nid={}\nro={}\nsharing={}\n"
      "size={}\nmode={:o}\nuid={}\ngid={}\nrequired={}\nenv={}\n",
      kTypes[static_cast<std::size_t>(mount.type)], mount.source,
      mount.target, mount.id, mount.read_only,
      static_cast<int>(mount.sharing), mount.size_bytes.value_or(0),
      mount.mode.value_or(0xffff), mount.user, mount.group,
      mount.required, mount.variable.value_or(""));
}

}  // namespace dockwright
