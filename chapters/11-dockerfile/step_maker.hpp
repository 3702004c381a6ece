#pragma once
// The seam between following a stage's instructions and doing what
// they say. Who follows them (expands the words, changes the config,
// tells the events) hands each step that makes a layer to a StepMaker.
// In this chapter it makes every layer anew; in the next one it looks
// into the cache first, and knows more places to copy from.

#include <optional>

#include "chapters/11-dockerfile/build_events.hpp"
#include "chapters/11-dockerfile/copy/copy.hpp"
#include "chapters/11-dockerfile/image_state.hpp"
#include "chapters/11-dockerfile/steps.hpp"
#include "chapters/11-dockerfile/syntax/flags.hpp"

namespace dockwright {

/// A step, as it is told of.
struct StepName {
  StepId id = 0;
  std::string text{};  ///< `RUN make`, variables not expanded.
};

class StepMaker {
 public:
  StepMaker() = default;
  StepMaker(const StepMaker&) = delete;
  StepMaker& operator=(const StepMaker&) = delete;
  virtual ~StepMaker() = default;

  /// `flags`: expanded. The network and the security of `step` are
  /// theirs already; what is mounted is not in it yet.
  [[nodiscard]] virtual BuiltLayer run(const StepName& name,
                                       const ImageState& state,
                                       const RunStep& step,
                                       const RunFlags& flags) = 0;
  /// COPY, and ADD when its addresses are fetched. `from`: as
  /// `--from` says; empty: the context.
  [[nodiscard]] virtual BuiltLayer copy(const StepName& name,
                                        const ImageState& state,
                                        const std::string& from,
                                        CopyRequest request) = 0;
  /// Nothing: the directory is there.
  [[nodiscard]] virtual std::optional<BuiltLayer> workdir(
      const StepName& name, const ImageState& state) = 0;
};

}  // namespace dockwright
