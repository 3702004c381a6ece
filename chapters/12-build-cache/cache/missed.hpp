#pragma once
// Why a step does not come from the cache. The record is looked for
// that is most like it: of the same kind, with the fewest other inputs.
// What differs is what changed.

#include <string>
#include <vector>

#include "chapters/12-build-cache/cache/build_cache.hpp"

namespace dockwright {

/// The names of the inputs in which two steps differ; one that only one
/// of them has is among them.
[[nodiscard]] std::vector<std::string> differing_inputs(
    const StepInputs& one, const StepInputs& other);

/// "the files that are copied changed", "ENV PATH and USER changed",
/// "nothing like it was built before". `entries`: the last used first.
[[nodiscard]] std::string why_missed(
    const StepInputs& inputs, const std::vector<CacheEntry>& entries);

}  // namespace dockwright
