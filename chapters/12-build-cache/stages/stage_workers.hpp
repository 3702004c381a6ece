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

/// What a worker tells its parent by.
struct StageTelling {
  BuildEvents& events;
  std::function<void(const CacheRecord& record)> used;
};

/// Makes one stage from those that it needs. It runs in a process of
/// its own. Its steps are numbered from 1.
using StageMaker =
    std::function<ImageState(std::size_t stage, const MadeStages& made,
                             const StageTelling& telling)>;

class StageWorkers {
 public:
  /// @pre all outlive it. Events come with steps numbered anew, in the
  /// order in which they begin, after `steps_before`.
  StageWorkers(const StageGraph& graph, BuildEvents& events,
               const Signals& signals, StepId steps_before = 0);
  ~StageWorkers();
  StageWorkers(StageWorkers&&) = delete;

  /// Makes the stage and all that it needs. @throws what a worker
  /// threw: BuildFailed Interrupted Failure
  [[nodiscard]] MadeStages make(std::size_t target,
                                const StageMaker& maker);
  /// The records that came of the steps, by stage.
  using Records = std::map<std::size_t, std::vector<CacheRecord>>;
  [[nodiscard]] const Records& records() const noexcept {
    return records_;
  }
  /// The number of the last step that began.
  [[nodiscard]] StepId last_step() const noexcept { return last_step_; }

 private:
  struct Worker;
  void begin_ready(const StageMaker& maker);
  void begin(std::size_t stage, const StageMaker& maker);
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
  Records records_{};
  StepId last_step_;
};

}  // namespace dockwright
