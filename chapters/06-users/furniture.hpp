#pragma once
// What a container in a user namespace cannot make for itself. A device
// node would be a key to the host's hardware, so nobody in a user
// namespace may make one; and /sys shows the network, so only the owner
// of the network namespace may mount it. In both cases there is one on
// the host, and it can be shown.

#include "chapters/04-mounts/filesystems.hpp"
#include "chapters/06-users/ids.hpp"
#include "common/spec.hpp"

namespace dockwright {

/// Mounts /sys: a new one where the container's user namespace owns its
/// network, else the host's, read-only.
void mount_sys_for(const UniqueFd& root, const Spec& spec,
                   const IdMaps& maps);

/// How /dev is furnished: with nodes of its own, or in a user namespace
/// with bind mounts of the host's.
[[nodiscard]] DevOptions dev_options(const IdMaps& maps);

}  // namespace dockwright
