#pragma once
// The end of a build: its image is kept and written where it was
// wanted, and what was used of the cache outlives the machine's next
// start.

#include "chapters/12-build-cache/stages/make_stage.hpp"
#include "chapters/12-build-cache/stages/plan_events.hpp"
#include "chapters/12-build-cache/wishes.hpp"

namespace dockwright {

/// What a build leaves.
enum class Left {
  nothing,   ///< All was there already, or nothing was made.
  more,      ///< The cache has grown.
  leftovers  ///< What nobody names: it has failed, or left the store.
};

/// `state`: of the target. @throws Failure
[[nodiscard]] Left finish(const BuildWork& work, const Wishes& wishes,
                          BuildEvents& events,
                          const StageWorkers& workers, ImageState state,
                          std::size_t target);

/// Removes what a failed build leaves, but for its whole steps; and of
/// the cache, when it has grown, what exceeds its limit.
void clear_up(Store& store, Left left);

/// Prints what would be done. 0: how the build ends.
[[nodiscard]] int print_plan(const BuildWork& work,
                             const PlanEvents& plan,
                             std::size_t target);

}  // namespace dockwright
