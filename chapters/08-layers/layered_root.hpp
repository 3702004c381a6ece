#pragma once
// A root that many containers share. Until here each had to have a copy
// of its own, or wrote into everybody's. Now the directories that were
// named are layers which nobody writes to, and what a container changes
// goes elsewhere: to memory, and away with the container; or, with
// `--upper DIR`, to DIR/diff, to stay (DIR/work is overlay's workshop).
//
// All this is made in a mount namespace of the stage's own. The host
// never sees it, and when the stage ends, by kill -9 too, nothing is
// there to be cleaned up.

#include <vector>

#include "chapters/06-users/ids.hpp"
#include "chapters/08-layers/overlay.hpp"
#include "common/spec.hpp"

namespace dockwright {

/// Gives this process a table of mounts of its own, if there are layers
/// to mount. What the host unmounts still goes away here too.
/// @man{mount_namespaces,7}
void take_own_mounts(const Spec& spec);

/// Opens `--rootfs` and each `--layer`, the lowest first.
/// @throws SystemCallError, Failure
[[nodiscard]] std::vector<Layer> open_layers(const Spec& spec);

/// Whether the changes are looked at when the container has ended.
enum class Keep { yes, no };

/// The layers (the lowest first) as one detached root, changes going to
/// `upper`/diff or, when that is empty, to memory. Files belong to whom
/// `maps` says. Comes after `take_own_mounts`.
/// @throws SystemCallError, Failure
[[nodiscard]] UniqueFd layered_root(std::vector<Layer> layers,
                                    const Layer& upper,
                                    const IdMaps& maps,
                                    Keep keep = Keep::yes);

}  // namespace dockwright
