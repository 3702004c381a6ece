#pragma once
// `builder prune` and `builder du`: the cache of builds, as Docker
// shows and clears it.

#include "common/cli.hpp"

namespace dockwright {

[[nodiscard]] cli::Command cache_prune_command(const char* name);
[[nodiscard]] cli::Command cache_usage_command(const char* name);

}  // namespace dockwright
