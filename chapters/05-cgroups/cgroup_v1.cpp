// Version 1: a tree for each controller, so a group is several
// directories of one name. The first of them is made first, removed
// last, and has the lock: whoever looks for abandoned groups looks only
// there.

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>

#include "chapters/05-cgroups/cgroup.hpp"
#include "chapters/05-cgroups/hierarchy.hpp"
#include "chapters/05-cgroups/limits.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/open_in_root.hpp"
#include "common/sys.hpp"
#include "common/sys_file.hpp"
#include "common/sys_mount.hpp"

namespace dockwright {

namespace {

constexpr std::uint64_t kHarmless =
    MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

/// One of the trees, and our group in it.
struct Branch {
  std::string hierarchy{};
  Parents above;
  Group group;
  UniqueFd tasks{};  ///< Open for the child, who may have no right to.
};

bool is_set(const std::vector<Setting>& settings,
            std::string_view controller) {
  return std::any_of(settings.begin(), settings.end(),
                     [&](const Setting& setting) {
                       return setting.controller == controller;
                     });
}

class CgroupV1 : public Cgroup {
 public:
  CgroupV1(const std::string& parent,
           const std::vector<Setting>& settings) {
    std::vector<std::string> hierarchies = hierarchies_v1();
    // A tree that neither counts nor was asked for costs time only.
    for (const char* const controller : {"cpu", "cpuset"})
      if (!is_set(settings, controller))
        std::erase(hierarchies, controller);
    // Removed from the back, so the first goes last: never grown again.
    branches_.reserve(hierarchies.size());
    branches_.push_back(branch(hierarchies.front(), parent, {}));
    const std::string& path = branches_.front().group.path();
    const std::string name = path.substr(path.rfind('/') + 1);
    for (std::size_t i = 1; i < hierarchies.size(); ++i)
      branches_.push_back(branch(hierarchies[i], parent, name));
    for (const Branch& branch : branches_)
      if (has_word(branch.hierarchy, "cpuset")) fill_cpuset(branch);
  }
  ~CgroupV1() override {
    while (!branches_.empty()) branches_.pop_back();
  }
  CgroupV1(CgroupV1&&) = delete;

  //! [enter_v1]
  void enter() const override {
    because("it goes into its group itself: nobody has to wait for it");
    for (const Branch& branch : branches_)
      sys::write_setting(branch.tasks, branch.group.path() + "/tasks",
                         "0");  // 0: the one who writes
  }
  //! [enter_v1]
  void mount_in(const UniqueFd& root) const override;
  [[nodiscard]] const Group* group_of(
      std::string_view controller) const override {
    const auto found = std::find_if(
        branches_.begin(), branches_.end(), [&](const Branch& branch) {
          return has_word(branch.hierarchy, controller);
        });
    return found == branches_.end() ? nullptr : &found->group;
  }
  [[nodiscard]] std::uint64_t oom_kills() const override {
    const Group* const memory = group_of("memory");
    return memory == nullptr
               ? 0
               : memory->figure("memory.oom_control", "oom_kill");
  }
  void remove_abandoned() const override;
  void limit(const std::vector<Setting>& settings) const;

 private:
  /// Our group in one tree; the first gets a new name, and the lock.
  static Branch branch(const std::string& hierarchy,
                       const std::string& parent,
                       const std::string& name) {
    Parents above{tree_path(CgroupVersion::v1, hierarchy), parent,
                  [](const std::string&) {}};
    Group group = name.empty() ? Group::make_locked(above.path())
                               : Group{above.path(), name};
    UniqueFd tasks{check_call("open setting",
                              ::openat(group.directory().get(), "tasks",
                                       O_WRONLY | O_CLOEXEC),
                              "open {}/tasks", group.path())};
    return {.hierarchy = hierarchy,
            .above = std::move(above),
            .group = std::move(group),
            .tasks = std::move(tasks)};
  }
  /// A new group of this controller is empty, and lets nobody in before
  /// it has processors and memory nodes: those of the group above.
  static void fill_cpuset(const Branch& branch) {
    const UniqueFd above =
        sys::open(branch.above.path(), O_PATH | O_DIRECTORY);
    for (const char* const file : {"cpuset.cpus", "cpuset.mems"})
      branch.group.write(file, sys::read_file_at(above, file));
  }

  std::vector<Branch> branches_{};
};

void CgroupV1::mount_in(const UniqueFd& root) const {
  because("its figures may be read inside, and its limits not set");
  const UniqueFd place =
      open_in_root(root, "/sys/fs/cgroup", O_PATH | O_DIRECTORY);
  const UniqueFd trees = sys::make_filesystem(
      {.type = "tmpfs",
       .options = {{"mode", "755"}, {"size", "64k"}},
       .attributes = kHarmless});
  sys::attach_mount(trees, place, "/sys/fs/cgroup");
  for (const Branch& branch : branches_) {
    sys::Filesystem tree{.type = "cgroup",
                         .attributes = kHarmless | MOUNT_ATTR_RDONLY};
    for (std::string_view rest = branch.hierarchy; !rest.empty();) {
      const std::string name{rest.substr(0, rest.find(','))};
      rest.remove_prefix(std::min(name.size() + 1, rest.size()));
      tree.options.push_back({name});
    }
    sys::mkdirat(trees, branch.hierarchy, 0755);
    sys::attach_mount_at(sys::make_filesystem(tree), trees,
                         branch.hierarchy);
  }
  sys::change_mount(trees, {.set = MOUNT_ATTR_RDONLY},
                    "/sys/fs/cgroup");
}

void CgroupV1::remove_abandoned() const {
  const Branch& first = branches_.front();
  const std::string& parent = first.above.path();
  for (const std::string& name : groups_below(parent)) {
    const UniqueFd lock =
        lock_if_abandoned(fmt::format("{}/{}", parent, name));
    if (!lock) continue;
    // From the back, as its owner would have done.
    std::vector<std::string> hierarchies = hierarchies_v1();
    std::reverse(hierarchies.begin(), hierarchies.end());
    const std::string above = parent.substr(
        tree_path(CgroupVersion::v1, first.hierarchy).size());
    for (const std::string& hierarchy : hierarchies)
      kill_and_remove(fmt::format(
          "{}{}/{}", tree_path(CgroupVersion::v1, hierarchy), above,
          name));
  }
}

void CgroupV1::limit(const std::vector<Setting>& settings) const {
  for (const Setting& setting : settings) {
    const Group* const group = group_of(setting.controller);
    if (!setting.needed &&
        (group == nullptr || !group->has(setting.file)))
      continue;
    if (group == nullptr)
      throw Failure{fmt::format(
          "{} needs the controller {}, which is not mounted here",
          setting.option, setting.controller)};
    group->write(setting.file, setting.value);
  }
}

}  // namespace

std::unique_ptr<Cgroup> make_cgroup_v1(const Spec& spec) {
  const std::vector<Setting> settings = settings_v1(spec.limits);
  auto cgroup =
      std::make_unique<CgroupV1>(spec.cgroup_parent, settings);
  cgroup->limit(settings);
  return cgroup;
}

}  // namespace dockwright
