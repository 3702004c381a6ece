// The kernel refuses an overlay with a number, EINVAL or ELOOP, and
// tells the reason to its log, which a container's owner may not read.
// We look at the directories and say it ourselves.

#include "chapters/08-layers/overlay_refused.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <optional>

namespace dockwright {

namespace {

/// Which file it is, whatever its name.
struct Identity {
  dev_t device = 0;
  ino_t inode = 0;
  bool operator==(const Identity&) const = default;
};

std::optional<Identity> identity(const UniqueFd& directory) {
  struct stat status {};
  if (::fstat(directory.get(), &status) == -1) return {};
  return Identity{status.st_dev, status.st_ino};
}

/// Of a directory and all that it lies in, from inside out.
std::vector<Identity> identities_upwards(const UniqueFd& directory) {
  std::vector<Identity> result;
  UniqueFd here{
      ::openat(directory.get(), ".", O_PATH | O_DIRECTORY | O_CLOEXEC)};
  while (here) {
    const auto at = identity(here);
    // The root is its own parent.
    if (!at || (!result.empty() && *at == result.back())) break;
    result.push_back(*at);
    here.reset(
        ::openat(here.get(), "..", O_PATH | O_DIRECTORY | O_CLOEXEC));
  }
  return result;
}

Failure overlap(const std::string& message) {
  return Failure{message,
                 Advice{.cause = "overlay needs directories that have "
                                 "nothing in common: a change in one "
                                 "would be a change in the other",
                        .cure = "name each directory once, and none "
                                "inside of another",
                        .chapter = 8,
                        .anchor = "ch08-overlay"}};
}

/// What is wrong with `inner` beside `outer`; empty: nothing.
std::string find_overlap(const Layer& inner, const Layer& outer,
                         std::string_view what) {
  const auto above = identities_upwards(inner.directory);
  const auto wanted = identity(outer.directory);
  const auto found = std::find(above.begin(), above.end(), wanted);
  if (found == above.end()) return "";
  if (found == above.begin())
    return inner.name == outer.name
               ? fmt::format("{} is given twice", inner.name)
               : fmt::format("{} and {} are one directory", inner.name,
                             outer.name);
  return fmt::format("{} lies in {}, {}", inner.name, outer.name, what);
}

std::string find_overlap(const Overlay& overlay) {
  std::string found;
  const auto look = [&](const Layer& inner, const Layer& outer,
                        std::string_view what) {
    if (found.empty() && outer.directory)
      found = find_overlap(inner, outer, what);
  };
  for (const Layer& one : overlay.lower) {
    for (const Layer& other : overlay.lower)
      if (&one != &other) look(one, other, "which is a layer too");
    look(one, overlay.upper, "where the changes go");
    look(one, overlay.work, "where files become whole");
  }
  return found;
}

/// File systems that are met in practice and cannot be an upper one.
struct Kind {
  decltype(statfs::f_type) magic;
  std::string_view name;
};
constexpr auto kUnfit = std::to_array<Kind>({
    {OVERLAYFS_SUPER_MAGIC, "an overlay itself"},
    {NFS_SUPER_MAGIC, "NFS"},
    {V9FS_MAGIC, "9p, a share with a virtual machine"},
    {FUSE_SUPER_MAGIC, "FUSE"},
    {MSDOS_SUPER_MAGIC, "FAT"},
    {SMB2_SUPER_MAGIC, "SMB"},
    {CIFS_SUPER_MAGIC, "SMB"},
});

void refuse_unfit_upper(const Layer& upper) {
  struct statfs status {};
  if (!upper.directory ||
      ::fstatfs(upper.directory.get(), &status) == -1)
    return;
  for (const Kind& kind : kUnfit)
    if (status.f_type == kind.magic)
      std::throw_with_nested(Failure{
          fmt::format("the changes cannot go to {}: it lies on {}",
                      upper.name, kind.name),
          Advice{.cause = "overlay keeps marks there that this file "
                          "system has no place for",
                 .cure = "choose a directory on ext4, xfs, btrfs or "
                         "tmpfs, or a volume if this is a container",
                 .chapter = 8,
                 .anchor = "ch08-overlay"}});
}

}  // namespace

void expect_apart(const Layer& upper,
                  const std::vector<Layer>& layers) {
  for (const Layer& layer : layers)
    if (const std::string found =
            find_overlap(upper, layer, "which is only to be read");
        !found.empty())
      throw overlap(found);
}

void throw_refused_overlay(const Overlay& overlay,
                           const SystemCallError& error) {
  const int code = error.code().value();
  if (code == ELOOP || code == EINVAL || code == EBUSY)
    if (const std::string found = find_overlap(overlay); !found.empty())
      std::throw_with_nested(overlap(found));
  if (code == EINVAL) refuse_unfit_upper(overlay.upper);
  if (code == ENODEV)
    std::throw_with_nested(
        Failure{"this kernel has no overlay",
                Advice{.cause = "it is a module that is not loaded, or "
                                "was not built",
                       .cure = "sudo modprobe overlay",
                       .chapter = 8,
                       .anchor = "ch08-overlay"}});
  throw SystemCallError{error};
}

}  // namespace dockwright
