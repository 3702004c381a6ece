#pragma once

#include "common/cli.hpp"

namespace dockwright {

/// What chapter 2 adds to `run`: `--rootfs`.
void rootfs_options(cli::Options& options, Spec& spec);

}  // namespace dockwright
