#include "chapters/04-mounts/volumes.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/open_in_root.hpp"
#include "common/sys_mount.hpp"

namespace dockwright {

namespace {

/// A detached copy of what is at `path`, with everything mounted below
/// it, as a volume.
Volume open_volume(const MountSpec& spec) {
  if (spec.type == MountSpec::Type::tmpfs) return {.spec = spec};
  because(
      "the source is opened while it can be named: before we leave the "
      "host");
  narrate("open", [&] {
    return explain::Call{
        fmt::format("open(\"{}\", O_PATH|O_CLOEXEC)", spec.source)};
  });
  const UniqueFd source{check_call(
      "open volume", ::open(spec.source.c_str(), O_PATH | O_CLOEXEC),
      "open the volume's source {}", spec.source)};
  struct stat status {};
  check(::fstat(source.get(), &status), "look at {}", spec.source);
  Volume volume{.mount = sys::clone_mount(source, sys::Depth::recursive,
                                          spec.source),
                .directory = S_ISDIR(status.st_mode),
                .spec = spec};
  //! [ex4.4]
  const std::uint64_t set = spec.read_only ? MOUNT_ATTR_RDONLY : 0;
  sys::change_mount(volume.mount,
                    {.set = set,
                     .propagation = MS_PRIVATE,
                     .depth = sys::Depth::recursive},
                    "the copy of " + spec.source);
  //! [ex4.4]
  return volume;
}

std::vector<sys::FilesystemOption> tmpfs_options(
    const std::string& words) {
  std::vector<sys::FilesystemOption> options;
  for (std::string_view rest = words; !rest.empty();) {
    const std::string_view word = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    if (word.empty()) continue;
    const std::size_t equals = word.find('=');
    options.push_back({std::string{word.substr(0, equals)},
                       equals == std::string_view::npos
                           ? ""
                           : std::string{word.substr(equals + 1)}});
  }
  return options;
}

/// tmpfs knows size, mode, nr_inodes and the like; flags such as
/// `noexec` belong to the mount, and mount(8) splits them.
sys::Filesystem tmpfs(const MountSpec& spec) {
  sys::Filesystem filesystem{.type = "tmpfs",
                             .attributes = MOUNT_ATTR_NOSUID |
                                           MOUNT_ATTR_NODEV |
                                           MOUNT_ATTR_NOEXEC};
  if (spec.read_only) filesystem.attributes |= MOUNT_ATTR_RDONLY;
  for (const sys::FilesystemOption& option :
       tmpfs_options(spec.options)) {
    if (option.key == "ro")
      filesystem.attributes |= MOUNT_ATTR_RDONLY;
    else if (option.key == "exec")
      filesystem.attributes &= ~std::uint64_t{MOUNT_ATTR_NOEXEC};
    else if (option.key == "suid")
      filesystem.attributes &= ~std::uint64_t{MOUNT_ATTR_NOSUID};
    else if (option.key == "dev")
      filesystem.attributes &= ~std::uint64_t{MOUNT_ATTR_NODEV};
    else if (option.key != "rw" && option.key != "noexec" &&
             option.key != "nosuid" && option.key != "nodev")
      filesystem.options.push_back(option);
  }
  return filesystem;
}

/// The kernel says EINVAL to a directory on a file; we say which.
void expect_same_kind(const UniqueFd& target, const Volume& volume) {
  struct stat status {};
  check(::fstat(target.get(), &status), "look at {}",
        volume.spec.target);
  const auto kind = [](bool directory) {
    return directory ? "a directory" : "a file";
  };
  if (S_ISDIR(status.st_mode) != volume.directory)
    throw Failure{
        fmt::format("cannot mount {} on {}: {} in the container is {}",
                    kind(volume.directory), kind(!volume.directory),
                    volume.spec.target, kind(!volume.directory))};
}

/// /proc is the kernel's own word: whoever reads there, we too, must
/// not read what somebody has put in its place (CVE-2019-16884).
void refuse_proc(const UniqueFd& target, const Volume& volume) {
  struct statfs status {};
  check(::fstatfs(target.get(), &status), "look at {}",
        volume.spec.target);
  if (status.f_type == PROC_SUPER_MAGIC)
    throw Failure{fmt::format(
        "cannot mount on {}: it is in /proc, which is the kernel's",
        volume.spec.target)};
}

std::ptrdiff_t depth(const MountSpec& spec) {
  return std::count(spec.target.begin(), spec.target.end(), '/');
}

}  // namespace

//! [open_volumes]
std::vector<Volume> open_volumes(const Spec& spec) {
  std::vector<MountSpec> sorted =
      spec.mounts;  // /data before /data/cache, or it would be hidden
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const MountSpec& a, const MountSpec& b) {
                     return depth(a) < depth(b);
                   });
  std::vector<Volume> volumes;
  for (const MountSpec& mount : sorted)
    volumes.push_back(open_volume(mount));
  return volumes;
}
//! [open_volumes]

//! [attach_volumes]
void attach_volumes(const UniqueFd& root,
                    const std::vector<Volume>& volumes) {
  for (const Volume& volume : volumes) {
    const bool bind = volume.spec.type == MountSpec::Type::bind;
    const UniqueFd memory =
        bind ? UniqueFd{} : sys::make_filesystem(tmpfs(volume.spec));
    because(
        "the kernel finds the target inside the root, whatever links "
        "say");
    const FileKind kind =
        volume.directory ? FileKind::directory : FileKind::file;
    const UniqueFd target =
        make_in_root(root, volume.spec.target, kind);
    expect_same_kind(target, volume);
    refuse_proc(target, volume);
    sys::attach_mount(bind ? volume.mount : memory, target,
                      volume.spec.target);
  }
}
//! [attach_volumes]

}  // namespace dockwright
