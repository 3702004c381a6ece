#pragma once
// The mounts of a step, made ready: each becomes a file or directory at
// a path that only the step's process can see, in a table of mounts of
// its own. From there it appears in the container as any volume does:
// the kernel finds its place inside the root, whatever links the image
// has there (CVE-2024-1753, CVE-2024-23651).
//
//     bind    a copy of the mount, of a place that was found inside
//             its context or stage; writable: an overlay upon it
//     cache   a directory of the store, locked as long as we run
//     tmpfs   memory, made in the container
//     secret  a file in memory, gone with the step
//     ssh     a socket, behind which a relay asks the agent

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "chapters/11-dockerfile/syntax/run_mount.hpp"
#include "chapters/12-build-cache/mounts/agents.hpp"
#include "chapters/12-build-cache/mounts/mount_cache.hpp"
#include "chapters/12-build-cache/mounts/secrets.hpp"
#include "common/spec.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

/// Where a step's mounts come from.
struct MountSources {
  /// Opens what `from` names, a stage, image or context (empty: *the*
  /// context), as a directory that is in our table of mounts or in
  /// none. It may be made in `place`, the path of an empty directory.
  /// Called in the step's process.
  std::function<UniqueFd(const std::string& from,
                         const std::string& place)>
      open{};
  const Secrets* secrets = nullptr;
  const Agents* agents = nullptr;
  std::string store{};  ///< The path of the store, for caches.
};

/// What the container is given for them.
struct StepMounts {
  std::vector<MountSpec> mounts{};
  /// Secrets that are variables, and where the agent is.
  std::vector<std::string> environment{};
  /// Locks and relays: to be kept until the step has ended.
  std::vector<UniqueFd> locks{};
  std::vector<Process> relays{};
};

/// Makes `wanted` ready. `place` is the path of an empty directory of
/// the step's own. @pre as root this process has its own table of
/// mounts; who is not root gets copies of what would be mounted.
/// @throws Failure in BuildKit's words
[[nodiscard]] StepMounts prepare_mounts(
    const std::vector<RunMount>& wanted, const std::string& workdir,
    const std::string& place, const MountSources& sources);

/// What of a mount decides what a step makes, as text for its key. The
/// contents of secrets and caches do not; those of `from` are for the
/// caller to add.
[[nodiscard]] std::string mount_inputs(const RunMount& mount);

}  // namespace dockwright
