#pragma once

#include "common/cli.hpp"

namespace dockwright {

/// `layer apply ARCHIVE DIR`: an archive becomes a layer's directory.
[[nodiscard]] cli::Command layer_apply_command();

/// `layer diff DIR [-o FILE]`: what a container changed becomes an
/// archive.
[[nodiscard]] cli::Command layer_diff_command();

/// `layer show LAYER…`: what the last of them adds, changes and hides.
[[nodiscard]] cli::Command layer_show_command();

}  // namespace dockwright
