#pragma once
// The end of a build: the image is written, called by its names, and
// told of in the files that were asked for.

#include "chapters/11-dockerfile/build_events.hpp"
#include "chapters/11-dockerfile/build_spec.hpp"
#include "chapters/11-dockerfile/image_state.hpp"

namespace dockwright {

struct MadeImage {
  Descriptor manifest;
  Digest id;
  std::vector<Reference> names{};
  bool is_new = true;  ///< It was not there yet under all its names.
};

/// The names of `--tag`. @throws Failure in Docker's words
[[nodiscard]] std::vector<Reference> names_of(const BuildSpec& spec);

/// Writes config and manifest, waits until the disk has all of it, and
/// only then names it. `--label` is added.
[[nodiscard]] MadeImage keep_image(const Store& store,
                                   const BuildSpec& spec,
                                   ImageState state);

/// `--iidfile`, `--metadata-file`
void write_files(const BuildSpec& spec, const MadeImage& image);

/// Keeps the image, as the last step of the build that is seen.
[[nodiscard]] MadeImage export_image(const Store& store,
                                     const BuildSpec& spec,
                                     ImageState state,
                                     BuildEvents& events, StepId id);

}  // namespace dockwright
