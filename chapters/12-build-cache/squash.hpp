#pragma once
// `--squash`: one layer of all that a build adds to its base. The image
// is smaller where a step removed what another one had made; in return
// no other image shares its layers. The layers are laid over the base
// once more, one after the other, and what comes of that is the layer:
// overlay itself finds out what the base is to hide.

#include "chapters/11-dockerfile/build_events.hpp"
#include "chapters/11-dockerfile/steps.hpp"

namespace dockwright {

/// The image with its own layers as one. It is a step of the build.
[[nodiscard]] ImageState squashed(const BuildRoom& room,
                                  ImageState state, BuildEvents& events,
                                  StepId step);

}  // namespace dockwright
