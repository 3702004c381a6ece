#pragma once
// Stages are built by workers, each a process of its own: a container
// is made by a process with one thread, which may change its user and
// its mounts, and several stages can be built at once. This process
// only waits for them: a worker begins as soon as all that its stage
// needs is there.
//
// When one fails, the others are ended: the build has failed whatever
// they make. What they have finished by then is in the cache.

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "chapters/01-process/signals.hpp"
#include "chapters/11-dockerfile/build_events.hpp"
#include "chapters/12-build-cache/stages/stage_graph.hpp"
#include "chapters/12-build-cache/stages/stage_wire.hpp"

namespace dockwright {

/// What is made, by the stage's number.
using MadeStages = std::map<std::size_t, ImageState>;

/// Makes one stage from those that it needs. It runs in a process of
/// its own. Its steps are numbered from 1.
using StageMaker = std::function<ImageState(
    std::size_t stage, const MadeStages& made, BuildEvents& events)>;

/// Tells in words why a stage was not made.
using FailureTeller =
    std::function<StageFailure(const std::exception& error)>;

class StageWorkers {
 public:
  /// @pre all outlive it. Events come with steps numbered anew, in the
  /// order in which they begin, after `steps_before`.
  StageWorkers(const StageGraph& graph, BuildEvents& events,
               const Signals& signals, StepId steps_before = 0);
  ~StageWorkers();
  StageWorkers(StageWorkers&&) = delete;

  /// Makes the stage and all that it needs. @throws Failure with a
  /// worker's words
  [[nodiscard]] MadeStages make(std::size_t target,
                                const StageMaker& maker,
                                const FailureTeller& teller);

 private:
  struct Worker;
  void begin_ready(const StageMaker& maker,
                   const FailureTeller& teller);
  void begin(std::size_t stage, const StageMaker& maker,
             const FailureTeller& teller);
  void wait_for_any();
  void hear(Worker& worker);
  void take(Worker& worker, const StageMessage& message);
  void end(Worker& worker);
  void stop_all();

  const StageGraph& graph_;
  BuildEvents& events_;
  const Signals& signals_;
  std::vector<std::size_t> waiting_{};
  std::vector<std::unique_ptr<Worker>> workers_{};
  MadeStages made_{};
  StepId last_step_;
};

}  // namespace dockwright
