#pragma once
// A root that cannot be walked out of. chroot moves a pointer; a mount
// namespace with `pivot_root` leaves nothing above the root to walk to:
// the old root is detached, and with it every file of the host.
//
//     1 /          2 /              3 / (new root)   4 / (new root)
//       └ rootfs     └ new root       └ old root
//                      (over it)        (over it)

#include "common/unique_fd.hpp"

namespace dockwright {

/// A detached copy of the mount at `rootfs`, alone: what else is
/// mounted below it on the host does not come along.
[[nodiscard]] UniqueFd detached_root(const UniqueFd& rootfs);

/// Makes every mount of this mount namespace private: what we mount
/// stays here, and what the host mounts later does not come in. The
/// first act in a new mount namespace. @man{mount_namespaces,7}
void make_mounts_private();

/// Attaches the detached root over `/`, where only this mount namespace
/// sees it.
void attach_root(const UniqueFd& root);

/// Makes `root` the root mount of this mount namespace and detaches the
/// old one, the host's files with it.
/// @man{pivot_root,2}
void pivot_into(const UniqueFd& root);

/// Makes the root mount read-only (`--read-only`); what is mounted
/// below it stays as it is.
void make_root_read_only(const UniqueFd& root);

}  // namespace dockwright
