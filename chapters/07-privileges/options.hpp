#pragma once

#include "common/cli.hpp"

namespace dockwright {

/// What chapter 7 adds to `run`: `--cap-add`, `--cap-drop`,
/// `--privileged`, `--security-opt`, `--device`, `--ulimit`,
/// `--oom-score-adj`, `--sysctl`.
void privilege_options(cli::Options& options, Spec& spec);

}  // namespace dockwright
