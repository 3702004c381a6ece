#pragma once
// What was asked for in words, understood: before anything is built, so
// that a wrong word is not noticed when the work is done.

#include <memory>
#include <string>
#include <vector>

#include "chapters/11-dockerfile/build_events.hpp"
#include "chapters/11-dockerfile/build_spec.hpp"
#include "chapters/12-build-cache/cache/exported_cache.hpp"
#include "chapters/12-build-cache/mounts/agents.hpp"
#include "chapters/12-build-cache/mounts/secrets.hpp"
#include "chapters/12-build-cache/outputs/build_output.hpp"

namespace dockwright {

struct Wishes {
  /// @throws Failure for a word that is none
  explicit Wishes(const BuildSpec& spec);

  std::vector<BuildOutput> outputs;
  Secrets secrets;
  Agents agents;
  std::vector<CachePlace> cache_to{};
  std::vector<ForeignCache> cache_from{};
  bool plan = false;      ///< `--print plan` or `plan=json`
  bool insecure = false;  ///< `--allow security.insecure`
};

/// Who shows the build: lines, a display, or nobody.
[[nodiscard]] std::unique_ptr<BuildEvents> listener_for(
    const BuildSpec& spec);

}  // namespace dockwright
