#pragma once
// Where control groups are. A group is a directory: `mkdir` makes one,
// its files are its settings, and a process goes in by having its
// number written into one of them. Of the tree there are two versions:
//
//     version 2   one tree for all:          /sys/fs/cgroup/GROUP
//     version 1   a tree for each controller: /sys/fs/cgroup/memory/GROUP,
//                                             /sys/fs/cgroup/pids/GROUP, …
//
// "Hybrid" machines have version 1 and an almost empty version 2 at
// `unified`; for us they are version 1.

#include <string>
#include <string_view>
#include <vector>

namespace dockwright {

enum class CgroupVersion {
  none,  ///< Nothing is mounted at /sys/fs/cgroup.
  v1,
  v2,
};

/// Which version this machine has. @man{cgroups,7}
[[nodiscard]] CgroupVersion cgroup_version();

/// The trees of version 1 that matter to a container, as
/// /proc/self/cgroup names them: `memory`, or `cpu,cpuacct` where two
/// controllers share one. `cpuset` stands last: a new group of it is
/// empty, and nobody is put into it unasked.
[[nodiscard]] std::vector<std::string> hierarchies_v1();

/// Whether we are root, and not only of a user namespace (chapter 6).
[[nodiscard]] bool is_root_of_host();

/// In version 2, the group below which a new one may be made, as a path
/// below the top: for root the top itself (empty), for others the
/// nearest group above their own that belongs to them (systemd calls
/// that delegation). @throws Failure where there is none
[[nodiscard]] std::string nearest_own_group_v2();

/// Where the tree is mounted: `/sys/fs/cgroup`, or in version 1 with the
/// hierarchy behind it.
[[nodiscard]] std::string tree_path(CgroupVersion version,
                                    std::string_view hierarchy);

/// Whether `list` (`cpu,cpuacct` or `cpu io memory`) holds the word.
[[nodiscard]] bool has_word(std::string_view list,
                            std::string_view word);

}  // namespace dockwright
