#include "chapters/12-build-cache/cache/run_inputs.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace dockwright {

namespace {

/// What a proxy is called says nothing about what it fetches: Docker
/// leaves these out, too, unless an ARG declares them.
constexpr auto kProxies = std::to_array<std::string_view>(
    {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy",
     "FTP_PROXY", "ftp_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY",
     "all_proxy"});

bool is_proxy(std::string_view name) {
  return std::find(kProxies.begin(), kProxies.end(), name) !=
         kProxies.end();
}

/// Another number when the same step comes to mean something else.
constexpr std::string_view kBuilder = "1";

void add_variables(StepInputs& inputs, const std::string& kind,
                   const std::vector<std::string>& variables,
                   const std::function<bool(std::string_view)>& out) {
  for (const std::string& variable : variables) {
    const std::size_t equals =
        std::min(variable.find('='), variable.size());
    const std::string name = variable.substr(0, equals);
    if (!out(name)) inputs.add(kind + " " + name, variable);
  }
}

std::string words_of(const MountSpec& mount) {
  return write_json({{"source", mount.source},
                     {"target", mount.target},
                     {"read_only", mount.read_only}});
}

}  // namespace

StepInputs begin_inputs(const BuildRoom& room, const ImageState& state,
                        std::string_view kind, std::string_view what) {
  StepInputs inputs;
  inputs.add("the instruction", kind);
  inputs.add("the layers below", chain_id(state.config.diff_ids));
  inputs.add(kind == "RUN" ? "the command" : "the arguments", what);
  inputs.add("the builder", kBuilder);
  inputs.add("the platform", state.config.platform.str());
  if (room.epoch)
    inputs.add("SOURCE_DATE_EPOCH", std::to_string(*room.epoch));
  return inputs;
}

//! [inputs_of_run]
StepInputs inputs_of_run(const BuildRoom& room, const ImageState& state,
                         const RunStep& step,
                         const std::vector<MountInput>& mounts) {
  StepInputs inputs =
      begin_inputs(room, state, "RUN", write_json(step.command));
  if (step.script)
    inputs.add("the script",
               write_json({step.script->path, step.script->text}));
  // ARG is in the environment: a command may read it by any name.
  add_variables(
      inputs, "ARG", step.environment, [&](std::string_view name) {
        return is_proxy(name) && !state.arguments.contains(name);
      });
  add_variables(inputs, "ENV", state.config.config.env,
                [](std::string_view) { return false; });
  //! [ex12.1]
  inputs.add("WORKDIR", state.workdir());
  inputs.add("USER", state.config.config.user);
  inputs.add("--network",
             step.network == NetworkMode::none ? "none" : "host");
  inputs.add("--security", step.privileged ? "insecure" : "sandbox");
  //! [ex12.1]
  for (const std::string& host : step.add_hosts)
    inputs.add("--add-host", host);
  for (const MountSpec& volume : step.mounts)
    inputs.add("the volume " + volume.target, words_of(volume));
  for (const MountInput& mount : mounts) {
    inputs.add("the mount " + mount.target, mount.words);
    if (mount.contents)
      inputs.add("the files in " + mount.target, *mount.contents);
  }
  return inputs;
}
//! [inputs_of_run]

}  // namespace dockwright
