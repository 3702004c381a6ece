#pragma once

#include "common/cli.hpp"

namespace dockwright {

/// What chapter 1 adds to `run`: `-e`, `-w`.
void process_options(cli::Options& options, Spec& spec);

}  // namespace dockwright
