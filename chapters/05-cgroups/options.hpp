#pragma once

#include "common/cli.hpp"

namespace dockwright {

/// What chapter 5 adds to `run`: `--memory`, `--cpus`, `--pids-limit`
/// and the other limits, `--cgroup-parent`, `--cgroupns`.
void limit_options(cli::Options& options, Spec& spec);

}  // namespace dockwright
