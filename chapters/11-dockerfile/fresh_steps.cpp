#include "chapters/11-dockerfile/fresh_steps.hpp"

#include "common/check.hpp"
#include "common/syscalls.hpp"

namespace dockwright {

namespace {

[[noreturn]] void arrives_later(const char* what) {
  throw Failure{fmt::format("{} arrives in chapter 12 ({})", what,
                            chapter(12).title)};
}

}  // namespace

void add_for_all(RunStep& step, const BuildSpec& spec) {
  step.mounts.insert(step.mounts.begin(), spec.volumes.begin(),
                     spec.volumes.end());
  step.add_hosts = spec.add_hosts;
  if (spec.network == NetworkMode::none) step.network = spec.network;
}

BuiltLayer FreshSteps::run(const StepName& name,
                           const ImageState& state, const RunStep& step,
                           const RunFlags& flags) {
  if (!flags.mounts.empty()) arrives_later("RUN --mount");
  if (step.privileged) arrives_later("RUN --security=insecure");
  RunStep complete = step;
  add_for_all(complete, spec_);
  return run_step(room_, state, complete, [&](std::string_view bytes) {
    events_.output(name.id, bytes);
  });
}

BuiltLayer FreshSteps::copy(const StepName& /*name*/,
                            const ImageState& state,
                            const std::string& from,
                            CopyRequest request) {
  if (!from.empty()) arrives_later("COPY --from");
  const CopySelection selection = select(context_, std::move(request));
  return file_step(room_, state, [&](const UniqueFd& root) {
    copy_selection(selection, root, state.workdir());
  });
}

std::optional<BuiltLayer> FreshSteps::workdir(const StepName& /*name*/,
                                              const ImageState& state) {
  return workdir_step(room_, state);
}

}  // namespace dockwright
