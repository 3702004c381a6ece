#pragma once

#include <functional>

#include "chapters/11-dockerfile/build_spec.hpp"
#include "common/cli.hpp"

namespace dockwright {

/// What `build` can be told in chapter 11, and the context behind it.
void build_options(cli::Options& options, BuildSpec& spec);

/// Those of chapter 12, for a stage that does not have them: each is
/// refused, and says where it arrives.
void later_build_options(cli::Options& options);

/// What was not said, completed and checked.
/// @throws Failure in Docker's words
void complete(BuildSpec& spec, std::vector<std::string> words);

}  // namespace dockwright
