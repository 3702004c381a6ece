#pragma once

#include "common/cli.hpp"

namespace dockwright {

/// What chapter 6 adds to `run`: `--userns`, `--uidmap`, `--gidmap`,
/// `--user`, `--group-add`.
void user_options(cli::Options& options, Spec& spec);

}  // namespace dockwright
