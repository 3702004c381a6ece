#include "chapters/08-layers/overlay.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/utsname.h>

#include <cstdio>

#include "chapters/08-layers/overlay_refused.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/sys.hpp"
#include "common/sys_mount.hpp"

namespace dockwright {

namespace {

/// Whether `lowerdir+` is understood. An older kernel would take the
/// word, and only complain of the whole.
bool takes_layers_one_by_one() {
  utsname system{};
  check(::uname(&system), "ask for the kernel's version");
  unsigned major = 0;
  unsigned minor = 0;
  if (std::sscanf(system.release, "%u.%u", &major, &minor) != 2)
    return false;
  return major > 6 || (major == 6 && minor >= 5);
}

//! [options]
/// What is the same for every container: no directory of a layer may
/// send us to another one, as these marks of overlay's could.
std::vector<sys::FilesystemOption> fixed_options(
    const OverlayOptions& options) {
  std::vector<sys::FilesystemOption> list = {
      {"redirect_dir", "nofollow"},
      {"metacopy", "off"},
      {"index", "off"}};
  if (options.user_xattrs) list.push_back({"userxattr"});
  if (options.fleeting) list.push_back({"volatile"});
  return list;
}
//! [options]

/// How a person would write it for mount(8), with the names of the
/// directories.
std::string shell_options(const Overlay& overlay) {
  std::string words;
  for (const Layer& layer : overlay.lower)
    words += (words.empty() ? "lowerdir=" : ":") + layer.name;
  if (overlay.upper.directory)
    words += fmt::format(",upperdir={},workdir={}", overlay.upper.name,
                         overlay.work.name);
  return words;
}

//! [one_by_one]
UniqueFd mount_one_by_one(const Overlay& overlay,
                          const OverlayOptions& options) {
  const auto number = [](const Layer& layer) {
    return fmt::format("/proc/self/fd/{}", layer.directory.get());
  };
  sys::Filesystem filesystem{.type = "overlay",
                             .shell_options = shell_options(overlay)};
  for (const Layer& layer : overlay.lower)
    filesystem.options.push_back({"lowerdir+", number(layer)});
  if (overlay.upper.directory) {
    filesystem.options.push_back({"upperdir", number(overlay.upper)});
    filesystem.options.push_back({"workdir", number(overlay.work)});
  }
  for (const sys::FilesystemOption& option : fixed_options(options))
    filesystem.options.push_back(option);
  return sys::make_filesystem(filesystem);
}
//! [one_by_one]

/// `lowerdir=7:6:5,upperdir=8,workdir=9,…`, which makes sense in
/// /proc/self/fd.
std::string one_string(const Overlay& overlay,
                       const OverlayOptions& options) {
  std::string data;
  for (const Layer& layer : overlay.lower)
    data += fmt::format("{}{}", data.empty() ? "lowerdir=" : ":",
                        layer.directory.get());
  if (overlay.upper.directory)
    data += fmt::format(",upperdir={},workdir={}",
                        overlay.upper.directory.get(),
                        overlay.work.directory.get());
  for (const sys::FilesystemOption& option : fixed_options(options))
    data += fmt::format(",{}{}{}", option.key,
                        option.value.empty() ? "" : "=", option.value);
  return data;
}

/// Somewhere else for as long as this object lives.
class Visit {
 public:
  Visit(const char* there) : home_{sys::open(".", O_PATH)} {
    sys::chdir(there);
  }
  Visit(Visit&&) = delete;
  ~Visit() {
    // Whoever went on in the wrong directory would take numbers for
    // names there.
    if (::fchdir(home_.get()) == -1) std::terminate();
  }

 private:
  UniqueFd home_;
};

//! [one_string]
/// The old call mounts by path: upon a directory of ours, from where
/// the mount is taken off again at once.
UniqueFd mount_by_one_string(const Overlay& overlay,
                             const OverlayOptions& options) {
  const UniqueFd place = sys::make_filesystem({.type = "tmpfs"});
  sys::attach_mount(place, sys::open("/", O_PATH | O_DIRECTORY), "/");
  sys::mkdirat(place, "merged", 0700);
  because("in /proc/self/fd an open directory has a very short name");
  const Visit numbers{"/proc/self/fd"};
  const std::string spot = std::to_string(place.get());
  sys::mount({.source = "overlay",
              .target = spot + "/merged",
              .type = "overlay",
              .data = one_string(overlay, options)});
  const UniqueFd merged{check(
      ::openat(place.get(), "merged", O_PATH | O_DIRECTORY | O_CLOEXEC),
      "open the overlay")};
  UniqueFd root =
      sys::clone_mount(merged, sys::Depth::one, "the overlay");
  sys::detach_mount(place, "the overlay's place");
  return root;
}
//! [one_string]

}  // namespace

UniqueFd mount_overlay(const Overlay& overlay,
                       const OverlayOptions& options) {
  because("every layer in its place, and the changes in a place apart");
  const bool new_way = options.names == LayerNames::automatic &&
                       takes_layers_one_by_one();
  try {
    return new_way ? mount_one_by_one(overlay, options)
                   : mount_by_one_string(overlay, options);
  } catch (const SystemCallError& error) {
    throw_refused_overlay(overlay, error);
  }
}

}  // namespace dockwright
