#pragma once

#include "common/cli.hpp"

namespace dockwright {

/// What chapter 3 adds to `run`: `--hostname`, `--init`, `--no-init`,
/// `--network`.
void namespace_options(cli::Options& options, Spec& spec);

}  // namespace dockwright
