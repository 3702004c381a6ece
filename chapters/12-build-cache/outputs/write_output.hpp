#pragma once
// What was built leaves the store: as files, or as an image that other
// tools read.

#include <vector>

#include "chapters/09-images/store.hpp"
#include "chapters/11-dockerfile/build_events.hpp"
#include "chapters/12-build-cache/outputs/build_output.hpp"

namespace dockwright {

/// An image that was built.
struct BuiltImage {
  Descriptor descriptor;           ///< Of its manifest, in the store.
  std::vector<Reference> names{};  ///< `-t`
};

/// Writes one output; `image` and `cache_only` need nothing. It happens
/// in a child where it needs mounts. @throws Failure
void write_build_output(const Store& store, const BuildOutput& output,
                        const BuiltImage& image);

/// All of them; each that writes something is a step, from `step` on.
/// Gives back the next step's number.
StepId write_build_outputs(const Store& store,
                           const std::vector<BuildOutput>& outputs,
                           const BuiltImage& image, BuildEvents& events,
                           StepId step);

}  // namespace dockwright
