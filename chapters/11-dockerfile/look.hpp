#pragma once
// `build --check` and `build --print ast`: a look at the file, and no
// build. What the checks find is told at the end of every build, too.

#include <functional>
#include <optional>
#include <vector>

#include "chapters/09-images/store.hpp"
#include "chapters/11-dockerfile/build_spec.hpp"
#include "chapters/11-dockerfile/checks/rules.hpp"

namespace dockwright {

/// Whether the context lacks a path because of its ignore rules.
using Ignored = std::function<bool(const std::string& path)>;

/// What may be said and better should not. @throws DockerfileError
[[nodiscard]] std::vector<Finding> mistakes_in(
    const Dockerfile& file, const BuildSpec& spec, const Store& store,
    const Ignored& ignored = {});

/// Shows what `spec` asks to see instead of a build; the exit code, or
/// nothing where a build is asked for. @throws Failure when the file
/// says that it must not be built with mistakes
[[nodiscard]] std::optional<int> only_look(
    const Dockerfile& file, const BuildSpec& spec,
    const std::vector<Finding>& mistakes);

/// The end of a build: what the checks found, on standard error.
void remind_of(const std::vector<Finding>& mistakes);

}  // namespace dockwright
