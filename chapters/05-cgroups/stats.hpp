#pragma once

#include "common/cli.hpp"

namespace dockwright {

/// The command `stats`: what each running container uses, live in a
/// terminal, as lines elsewhere.
[[nodiscard]] cli::Command stats_command();

}  // namespace dockwright
