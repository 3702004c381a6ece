#pragma once
// A StepMaker that makes every layer anew.

#include "chapters/11-dockerfile/step_maker.hpp"

namespace dockwright {

class FreshSteps : public StepMaker {
 public:
  /// @pre all outlive the maker
  FreshSteps(const BuildRoom& room, const BuildSpec& spec,
             const CopyTree& context, BuildEvents& events)
      : room_{room}, spec_{spec}, context_{context}, events_{events} {}

  [[nodiscard]] BuiltLayer run(const StepName& name,
                               const ImageState& state,
                               const RunStep& step,
                               const RunFlags& flags) override;
  [[nodiscard]] BuiltLayer copy(const StepName& name,
                                const ImageState& state,
                                const std::string& from,
                                CopyRequest request) override;
  [[nodiscard]] std::optional<BuiltLayer> workdir(
      const StepName& name, const ImageState& state) override;

 private:
  const BuildRoom& room_;
  const BuildSpec& spec_;
  const CopyTree& context_;
  BuildEvents& events_;
};

/// What `--volume`, `--network` and `--add-host` add to every RUN.
void add_for_all(RunStep& step, const BuildSpec& spec);

}  // namespace dockwright
