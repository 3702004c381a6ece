#pragma once

#include "common/cli.hpp"

namespace dockwright {

/// What chapter 10 adds to `run`: `--pull`.
void registry_run_options(cli::Options& options, Spec& spec);

}  // namespace dockwright
