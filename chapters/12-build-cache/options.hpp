#pragma once

#include "chapters/11-dockerfile/build_spec.hpp"
#include "common/cli.hpp"

namespace dockwright {

/// What `build` can be told since chapter 12.
void cached_build_options(cli::Options& options, BuildSpec& spec);

}  // namespace dockwright
