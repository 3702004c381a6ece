#pragma once
// How a build ends for whoever reads: its image's ID, or what went
// wrong, where, in the words that people search for.

#include <functional>
#include <memory>

#include "chapters/11-dockerfile/build_events.hpp"
#include "chapters/11-dockerfile/build_spec.hpp"
#include "chapters/11-dockerfile/syntax/instruction.hpp"

namespace dockwright {

/// Who shows the build, as `--progress` and `--quiet` have it.
[[nodiscard]] std::unique_ptr<BuildEvents> choose_listener(
    const BuildSpec& spec);

/// Runs `body`, and tells what it throws. Docker's exit code: what
/// `body` answers, 1 for a build that failed, 128 + N for one that signal N ended. `file` is
/// what was read by then.
[[nodiscard]] int report(const Dockerfile& file,
                         const std::function<int()>& body);

/// "[Warning] One or more build-args [A B] were not consumed"
void warn_of_unused(const std::vector<std::string>& names);

}  // namespace dockwright
