#pragma once
// What the stages of a Dockerfile need, read off their instructions.
// `FROM` may have variables, of the ARGs before the first FROM;
// `--from` may not. A context that is given a stage's or an image's
// name (`--build-context`) stands in its place.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/11-dockerfile/syntax/stages.hpp"
#include "chapters/11-dockerfile/syntax/variables.hpp"
#include "chapters/12-build-cache/stages/stage_graph.hpp"

namespace dockwright {

/// Whether a context has this name.
using IsContext = std::function<bool(std::string_view name)>;

/// @throws Failure for a FROM whose variables make no sense
[[nodiscard]] std::vector<StageNeeds> needs_of(
    const StageTexts& texts, const Lookup& arguments, char escape,
    const IsContext& is_context);

}  // namespace dockwright
