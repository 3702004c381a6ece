#pragma once
// FROM: what a stage begins with. An image that is not in the store is
// fetched, as for `run`; `scratch` is nothing at all.

#include <functional>

#include "chapters/11-dockerfile/arguments.hpp"
#include "chapters/11-dockerfile/follow.hpp"
#include "chapters/11-dockerfile/image_state.hpp"
#include "chapters/11-dockerfile/step_child.hpp"
#include "chapters/11-dockerfile/syntax/stages.hpp"

namespace dockwright {

/// What FROM names, its variables expanded.
struct BaseName {
  std::string image{};
  Platform platform{};
  bool given_platform = false;  ///< By `--platform`.
  Lines lines{};                ///< Where FROM stands.
};
constexpr const char* kScratch = "scratch";

/// @throws BuildFailed
[[nodiscard]] BaseName base_of(const StageText& stage,
                               const BuildSpec& spec,
                               const BuildArguments& arguments,
                               char escape);

/// Sees to it that the image is in the store. `output` gets what the
/// client says. @throws Failure Interrupted
void fetch_base(const BaseName& base, const BuildSpec& spec,
                const Store& store, const Signals& signals,
                const StepOutput& output);

/// @throws Failure when it is not in the store, or for another platform
[[nodiscard]] ImageState open_base(const BaseName& base,
                                   const Store& store);

/// The first step, as it is told: fetches the base, and opens it.
/// @throws Failure Interrupted
[[nodiscard]] ImageState begin_stage(const BaseName& base,
                                     const BuildSpec& spec,
                                     const BuildRoom& room,
                                     const Following& with);

/// `docker.io/library/debian:12@sha256:…`: how progress calls it.
[[nodiscard]] std::string shown_base(const BaseName& base);

}  // namespace dockwright
