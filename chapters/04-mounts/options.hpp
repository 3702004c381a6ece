#pragma once

#include "common/cli.hpp"

namespace dockwright {

/// What chapter 4 adds to `run`: `-v`, `--mount`, `--tmpfs`,
/// `--read-only`, `-t`, `-i`.
void mount_options(cli::Options& options, Spec& spec);

}  // namespace dockwright
