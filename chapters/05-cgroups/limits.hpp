#pragma once
// Limits as the kernel wants to hear them: which file of a group gets
// which words. The two versions of control groups have other names and
// other numbers for the same thing, so here are two tables, and nothing
// else in this book has to know.
//
//     asked for             version 2               version 1
//     --memory 64m          memory.max 67108864     memory.limit_in_bytes
//     --cpus 0.5            cpu.max 50000 100000    cpu.cfs_quota_us …
//     --pids-limit 100      pids.max 100            pids.max 100

#include <string>
#include <vector>

#include "common/spec.hpp"

namespace dockwright {

/// One line to be written into one file of a group.
struct Setting {
  std::string controller{};  ///< `memory`: in version 1 a hierarchy.
  std::string file{};        ///< `memory.max`.
  std::string value{};
  std::string option{};  ///< What asked for it: `--memory`.
  /// Otherwise it may be missing: nobody asked for it by name.
  bool needed = true;
  bool operator==(const Setting&) const = default;
};

/// How many processes and threads a container may have where nobody
/// says: more than any sane program needs, less than a machine has.
inline constexpr std::int64_t kDefaultPids = 2048;

/// Refuses limits that contradict each other or this machine, in
/// Docker's words. @throws Failure
void check_limits(const Limits& limits);

/// Whether anything was asked for.
[[nodiscard]] bool any(const Limits& limits);

/// What to write in version 2, in this order. @man{cgroups,7} and
/// Documentation/admin-guide/cgroup-v2.rst
[[nodiscard]] std::vector<Setting> settings_v2(const Limits& limits);

/// What to write in version 1, in this order.
/// Documentation/admin-guide/cgroup-v1/
[[nodiscard]] std::vector<Setting> settings_v1(const Limits& limits);

}  // namespace dockwright
