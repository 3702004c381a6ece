#include "chapters/05-cgroups/hierarchy.hpp"

#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "common/check.hpp"
#include "common/sys_file.hpp"

namespace dockwright {

namespace {

constexpr std::string_view kTree = "/sys/fs/cgroup";

constexpr std::array<std::string_view, 7> kWanted = {
    "pids", "memory", "cpuacct", "blkio", "devices", "cpu", "cpuset"};

/// Calls `use` with the second and third part of each line of
/// /proc/self/cgroup: `4:memory:/user` has `memory` and `/user`.
template <typename Use>
void each_membership(const Use& use) {
  const std::string text = sys::read_file("/proc/self/cgroup");
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    use(line.substr(first + 1, second - first - 1),
        line.substr(second + 1));
  }
}

bool is_mounted(std::string_view path, long magic) {
  struct statfs status {};
  return ::statfs(std::string{path}.c_str(), &status) == 0 &&
         status.f_type == magic;
}

/// Whether we may make groups below `group` of version 2, and put
/// ourselves into them. Root of a user namespace is no root here.
bool is_ours(std::string_view group) {
  const std::string path = fmt::format("{}{}", kTree, group);
  return ::access(path.c_str(), W_OK) == 0 &&
         ::access((path + "/cgroup.procs").c_str(), W_OK) == 0;
}

[[noreturn]] void not_delegated(std::string_view own) {
  throw Failure{
      fmt::format("no control group may be made below {}", own),
      Advice{.cause = "without root only groups that were delegated to "
                      "you may be changed, and none above yours was",
             .cure = "begin with a shell that has such a group: "
                     "systemd-run --user --scope -p Delegate=yes bash; "
                     "or use sudo",
             .chapter = 5,
             .anchor = "ch05-delegation"}};
}

}  // namespace

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t size =
        std::min(list.find_first_of(", "), list.size());
    if (list.substr(0, size) == word) return true;
    list.remove_prefix(std::min(size + 1, list.size()));
  }
  return false;
}

CgroupVersion cgroup_version() {
  if (is_mounted(kTree, CGROUP2_SUPER_MAGIC)) return CgroupVersion::v2;
  for (const std::string_view controller : {"pids", "memory"})
    if (is_mounted(fmt::format("{}/{}", kTree, controller),
                   CGROUP_SUPER_MAGIC))
      return CgroupVersion::v1;
  return CgroupVersion::none;
}

std::vector<std::string> hierarchies_v1() {
  std::vector<std::string> found;
  each_membership([&](std::string_view names, std::string_view) {
    found.emplace_back(names);
  });
  std::vector<std::string> wanted;
  for (const std::string_view controller : kWanted)
    for (const std::string& names : found)
      if (has_word(names, controller) &&
          std::find(wanted.begin(), wanted.end(), names) ==
              wanted.end())
        wanted.push_back(names);
  return wanted;
}

std::string nearest_own_group_v2() {
  // A tree that is read-only is found out, and told, by mkdir.
  if (is_ours("") || errno == EROFS) return {};
  std::string own;
  each_membership([&](std::string_view names, std::string_view group) {
    if (names.empty()) own = group;
  });
  //! [nearest_own_group_v2]
  // Above, not in our own: a group that holds processes hands no
  // controllers down (the "no internal process" rule).
  std::string group = own;
  while (!group.empty()) {
    group.erase(group.rfind('/'));
    if (is_ours(group)) return group;
  }
  not_delegated(own);
  //! [nearest_own_group_v2]
}

bool is_root_of_host() {
  constexpr std::string_view kAll = "4294967295";
  if (::geteuid() != 0) return false;
  const std::string map = sys::read_file("/proc/self/uid_map");
  return map.ends_with(kAll);  // `0 0 4294967295`: nobody is mapped
}

std::string tree_path(CgroupVersion version,
                      std::string_view hierarchy) {
  if (version == CgroupVersion::v2) return std::string{kTree};
  return fmt::format("{}/{}", kTree, hierarchy);
}

}  // namespace dockwright
