#pragma once
// `--progress auto|plain|tty|rawjson|quiet`: who listens to a build.

#include <memory>
#include <string>

#include "chapters/11-dockerfile/build_events.hpp"

namespace dockwright {

/// The listener that writes to `fd`. `auto`, also when `progress` is
/// empty, is `tty` on a terminal and `plain` elsewhere; the variable
/// BUILDKIT_PROGRESS says it where the command line does not.
/// @throws Failure for another word, and for `tty` where there is none
[[nodiscard]] std::unique_ptr<BuildEvents> choose_events(
    const std::string& progress, int fd);

}  // namespace dockwright
