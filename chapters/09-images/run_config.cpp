#include "chapters/09-images/run_config.hpp"

#include <algorithm>

#include "common/check.hpp"

namespace dockwright {

namespace {

using Words = std::vector<std::string>;

void append(Words& to, const Words& words) {
  to.insert(to.end(), words.begin(), words.end());
}

/// `/data/` and `/data` are one place.
std::string plain(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

}  // namespace

//! [command]
Spec with_config(const Spec& asked, const RunConfig& config) {
  Spec spec = asked;
  Words entrypoint = config.entrypoint;
  if (asked.entrypoint)
    entrypoint =
        asked.entrypoint->empty() ? Words{} : Words{*asked.entrypoint};
  const bool own_arguments =
      asked.entrypoint.has_value() || !asked.command.empty();
  spec.command = entrypoint;
  append(spec.command, own_arguments ? asked.command : config.cmd);
  if (spec.command.empty() || spec.command.front().empty())
    throw Failure{
        "no command specified",
        Advice{.cause = "the image names no program, and none stands "
                        "behind the image's name",
               .cure = "run IMAGE COMMAND",
               .chapter = 9,
               .anchor = "ch09-run"}};
  spec.environment = config.env;
  append(spec.environment, asked.environment);  // the last one wins
  if (spec.workdir.empty()) spec.workdir = config.working_dir;
  if (spec.user.empty()) spec.user = config.user;
  return spec;
}
//! [command]

Spec with_entrypoint(const Spec& asked) {
  Spec spec = asked;
  if (asked.entrypoint && !asked.entrypoint->empty())
    spec.command.insert(spec.command.begin(), *asked.entrypoint);
  if (spec.command.empty())
    throw Failure{
        "no command given: write it after the options, as in "
        "`run -- sh`"};
  return spec;
}

std::vector<std::string> undecided_volumes(const Spec& asked,
                                           const RunConfig& config) {
  std::vector<std::string> places;
  for (const std::string& volume : config.volumes) {
    const std::string place = plain(volume);
    if (!place.starts_with('/') || place == "/")
      throw Failure{fmt::format(
          "the image declares the volume '{}': not a place for one",
          volume)};
    if (std::none_of(asked.mounts.begin(), asked.mounts.end(),
                     [&](const MountSpec& mount) {
                       return plain(mount.target) == place;
                     }))
      places.push_back(place);
  }
  return places;
}

}  // namespace dockwright
