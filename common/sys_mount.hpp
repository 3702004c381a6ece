#pragma once
// System calls that mount. `mount` is the old one, by path. The others are the family that Linux 5.2 brought:
// a mount is first made detached, where nobody can see it, gets its flags, and is then attached to an open
// directory. No path is looked up twice, and a detached mount that is closed is gone.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/unique_fd.hpp"

namespace dockwright::sys {

/// What mount(2) is asked for.
struct MountCall {
  std::string source = "none";
  std::string target{};
  std::string type{};
  unsigned long flags = 0;
  std::string data{};
};

/// Attaches a file system to a directory, by path. @man{mount,2}
void mount(const MountCall& call);

/// One option of a file system: `{"size", "64m"}`; a flag has no value.
struct FilesystemOption {
  std::string key{};
  std::string value{};
};

/// What a new file system is to be.
struct Filesystem {
  std::string type{};
  std::vector<FilesystemOption> options{};
  std::uint64_t attributes = 0;  ///< MOUNT_ATTR_…
  /// What mount(8) would be told, where names are clearer than what the kernel is told.
  std::string shell_options{};
};

/// Makes a file system and a detached mount of it: fsopen, fsconfig, fsmount. What the file system itself has
/// to say about a bad option is part of the error. @kernel{5.2} @man{fsopen,2}
[[nodiscard]] UniqueFd make_filesystem(const Filesystem& filesystem);

/// Whether a copy of a mount takes the mounts below it along.
enum class Depth { one, recursive };

/// A detached copy of the mount at an open file or directory: a bind mount that is attached nowhere yet.
/// `name` is what messages call it. @kernel{5.2} @man{open_tree,2}
[[nodiscard]] UniqueFd clone_mount(const UniqueFd& file, Depth depth, std::string_view name);

/// What mount_setattr changes.
struct MountChange {
  std::uint64_t set = 0;          ///< MOUNT_ATTR_… to set.
  std::uint64_t clear = 0;        ///< MOUNT_ATTR_… to take away.
  std::uint64_t propagation = 0;  ///< MS_PRIVATE, MS_SLAVE…; 0 leaves it.
  Depth depth = Depth::one;
};

/// Changes the flags of a mount; `name` is what messages call it. @kernel{5.12} @man{mount_setattr,2}
void change_mount(const UniqueFd& mount, const MountChange& change, std::string_view name);

/// Lets the files of a detached mount appear to belong to whom `user_namespace` maps their owners to; on disk
/// nothing changes. `shell` is what a shell would call that namespace. @kernel{5.12} @man{mount_setattr,2}
void map_mount_owners(const UniqueFd& mount, const UniqueFd& user_namespace, Depth depth,
                      std::string_view name, std::string_view shell);

/// Attaches a detached mount to an open file or directory. @kernel{5.2} @man{move_mount,2}
void attach_mount(const UniqueFd& mount, const UniqueFd& target, std::string_view name);

/// Attaches a detached mount to the entry `name` of an open directory; a link there is not followed.
/// @kernel{5.2} @man{move_mount,2}
void attach_mount_at(const UniqueFd& mount, const UniqueFd& directory, const std::string& name);

/// Makes the working directory the root mount, and stacks the old root on top of it (see chapter 4).
/// @man{pivot_root,2}
void pivot_root_here();

/// Detaches the mount at the working directory, with all below it, now; it is gone when nobody uses it.
/// @man{umount2,2}
void detach_mount_here();

/// Detaches a mount that is attached somewhere, with all below it; its descriptor keeps it. `name` is what
/// messages call it. @man{umount2,2}
void detach_mount(const UniqueFd& mount, std::string_view name);

}  // namespace dockwright::sys
