#pragma once
// One stage, from its base to its last step: what a worker does.

#include "chapters/11-dockerfile/arguments.hpp"
#include "chapters/11-dockerfile/steps.hpp"
#include "chapters/11-dockerfile/syntax/stages.hpp"
#include "chapters/12-build-cache/cache/cache_use.hpp"
#include "chapters/12-build-cache/mounts/step_mounts.hpp"
#include "chapters/12-build-cache/stages/from_sources.hpp"

namespace dockwright {

/// What all stages of a build are made with. All outlives it.
struct BuildWork {
  const BuildSpec& spec;
  const BuildRoom& room;
  const Dockerfile& file;
  const StageTexts& texts;
  const BuildArguments& arguments;
  const StageGraph& graph;
  const SeenContext& context;
  const NamedContexts& named;
  const BuildCache& cache;
  const std::vector<ForeignCache>& others;
  const Secrets& secrets;
  const Agents& agents;
  bool plan = false;      ///< Make nothing.
  bool insecure = false;  ///< RUN --security=insecure is allowed.
};

/// `made`: at least those that the stage needs.
/// @throws BuildFailed Interrupted Failure
[[nodiscard]] ImageState make_stage(const BuildWork& work,
                                    std::size_t stage,
                                    const MadeStages& made,
                                    const StageTelling& telling);

/// How many steps are seen of the stages.
[[nodiscard]] int count_steps(const BuildWork& work,
                              const std::vector<std::size_t>& stages);

}  // namespace dockwright
