#pragma once
// Makes the layers of a stage, or finds them in the cache. For each
// step it is first said what decides its outcome; only where nothing is
// kept for that, the step is done.
//
// In a plan nothing is done. A layer that would have to be made is then
// stood for by one that cannot be read, and what stands on such a one
// cannot come from the cache either: nobody knows yet on what.

#include "chapters/11-dockerfile/step_maker.hpp"
#include "chapters/12-build-cache/cache/cache_use.hpp"
#include "chapters/12-build-cache/cache/run_inputs.hpp"
#include "chapters/12-build-cache/mounts/step_mounts.hpp"
#include "chapters/12-build-cache/stages/from_sources.hpp"

namespace dockwright {

/// What the steps of a stage are made with. All outlives it.
struct StepTools {
  const BuildRoom& room;
  const BuildSpec& spec;
  bool insecure = false;  ///< RUN --security=insecure is allowed.
  const CacheUse& cache;
  const FromSources& sources;
  BuildEvents& events;
  const Secrets& secrets;
  const Agents& agents;
};

class CachedSteps : public StepMaker {
 public:
  explicit CachedSteps(const StepTools& tools) : tools_{tools} {}

  BuiltLayer run(const StepName& name, const ImageState& state,
                 const RunStep& step, const RunFlags& flags) override;
  BuiltLayer copy(const StepName& name, const ImageState& state,
                  const std::string& from,
                  CopyRequest request) override;
  std::optional<BuiltLayer> workdir(const StepName& name,
                                    const ImageState& state) override;

 private:
  using Make = std::function<std::optional<BuiltLayer>()>;
  [[nodiscard]] std::optional<BuiltLayer> get(const StepName& name,
                                              const ImageState& state,
                                              const StepInputs& inputs,
                                              const Make& make);
  [[nodiscard]] std::optional<BuiltLayer> unmade(const StepName& name,
                                                 std::string_view why);
  [[nodiscard]] Digest contents_of(const FromSource& source,
                                   const CopyRequest& request);
  [[nodiscard]] std::optional<MountInput> input_of(
      const RunMount& mount);
  [[nodiscard]] std::optional<std::vector<MountInput>> inputs_of(
      const std::vector<RunMount>& mounts);
  [[nodiscard]] UniqueFd open_source(const std::string& from,
                                     const std::string& place) const;
  [[nodiscard]] RunStep with_mounts(
      const RunStep& step, const ImageState& state,
      const std::vector<RunMount>& mounts) const;

  const StepTools& tools_;
};

}  // namespace dockwright
