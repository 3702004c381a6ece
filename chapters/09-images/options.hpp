#pragma once

#include "common/cli.hpp"

namespace dockwright {

/// What chapter 9 adds to `run`: `--entrypoint`, `--platform`, `--rm`;
/// and the image itself, which is a word and no option.
void image_options(cli::Options& options, Spec& spec);

}  // namespace dockwright
