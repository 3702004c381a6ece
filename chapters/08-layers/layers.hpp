#pragma once
// The directories that a container's root is put together of, as the
// command line names them.

#include <vector>

#include "chapters/08-layers/overlay.hpp"
#include "common/spec.hpp"

namespace dockwright {

/// Opens `--rootfs` and each `--layer`, the lowest first.
/// @throws SystemCallError, Failure
[[nodiscard]] std::vector<Layer> open_layers(const Spec& spec);

}  // namespace dockwright
