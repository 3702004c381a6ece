#pragma once
// What decides the outcome of a RUN. See step_inputs.hpp for the rule.

#include <string>
#include <vector>

#include "chapters/11-dockerfile/steps.hpp"
#include "chapters/12-build-cache/cache/step_inputs.hpp"

namespace dockwright {

/// A mount of a step, as far as it decides.
struct MountInput {
  std::string target{};
  std::string words{};               ///< What was said about it.
  std::optional<Digest> contents{};  ///< Of what it shows.
};

/// `step` holds what every RUN is given, but not yet its mounts.
[[nodiscard]] StepInputs inputs_of_run(
    const BuildRoom& room, const ImageState& state, const RunStep& step,
    const std::vector<MountInput>& mounts);

/// What every step has in common: on what it stands, what it is, and
/// for which machine. The first three are `kind`, the layers, `what`.
[[nodiscard]] StepInputs begin_inputs(const BuildRoom& room,
                                      const ImageState& state,
                                      std::string_view kind,
                                      std::string_view what);

}  // namespace dockwright
