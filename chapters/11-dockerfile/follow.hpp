#pragma once
// One stage's instructions, from the first to the last. What changes
// the config is done at once; a step that makes a layer is handed to a
// StepMaker. What goes wrong is told with the lines where it stands.

#include <set>

#include "chapters/11-dockerfile/arguments.hpp"
#include "chapters/11-dockerfile/build_events.hpp"
#include "chapters/11-dockerfile/image_state.hpp"
#include "chapters/11-dockerfile/step_maker.hpp"
#include "chapters/11-dockerfile/syntax/stages.hpp"
#include "common/check.hpp"

namespace dockwright {

/// A build that failed, and where in the Dockerfile.
class BuildFailed : public Failure {
 public:
  BuildFailed(const std::string& why, Lines lines)
      : Failure{why, 1}, lines_{lines} {}
  [[nodiscard]] const Lines& lines() const noexcept { return lines_; }

 private:
  Lines lines_;
};

/// How a stage's steps are counted: `#5 [build 2/4] RUN make`.
struct StepCount {
  std::string stage{};  ///< `build`; empty: it is the only one.
  int total = 1;        ///< FROM and what `count_steps` says.
  int done = 1;
  StepId next = 1;  ///< The id of the next one.
};

/// `[build 2/4] RUN make`
[[nodiscard]] std::string step_name(const StepCount& count,
                                    const std::string& text);

/// How many steps of the stage make a layer.
[[nodiscard]] int count_steps(const std::vector<Instruction>& steps);

/// What a stage is followed with.
struct Following {
  const Dockerfile& file;
  const BuildArguments& arguments;
  const Store& store;
  BuildEvents& events;
  StepMaker& maker;
  StepCount count{};
};

/// Does the triggers that `base` has (ONBUILD) and then the stage's own
/// steps. @throws BuildFailed Interrupted
[[nodiscard]] ImageState follow(const StageText& stage, ImageState base,
                                Following& with);

/// The base's triggers, taken out of it; they stand where FROM stands.
/// @throws BuildFailed
[[nodiscard]] std::vector<Instruction> take_triggers(
    ImageState& base, const StageText& stage, const Dockerfile& file);

/// The names of all ARGs of a stage.
void add_declared(const std::vector<Instruction>& steps,
                  std::set<std::string>& names);

}  // namespace dockwright
