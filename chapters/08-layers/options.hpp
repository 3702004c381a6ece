#pragma once

#include "common/cli.hpp"

namespace dockwright {

/// Chapter 2's `--rootfs DIR`, and `--rootfs DIR:O` as Podman has it:
/// DIR is only read.
void layered_rootfs_options(cli::Options& options, Spec& spec);

/// What chapter 8 adds to `run`: `--layer`, `--upper`.
void layer_options(cli::Options& options, Spec& spec);

}  // namespace dockwright
