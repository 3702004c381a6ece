// Version 2: one tree, one directory, one file descriptor.
//
// A controller works in a group only when the group above hands it down
// (cgroup.subtree_control), and a group that hands controllers down may
// not hold processes itself, but for the very top.

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <array>

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

/// What `stats` reads, where it can be had.
constexpr std::array<std::string_view, 4> kCounted = {"memory", "cpu",
                                                      "pids", "io"};

class CgroupV2 : public Cgroup {
 public:
  explicit CgroupV2(Parents above)
      : above_{std::move(above)},
        group_{Group::make_locked(above_.path())} {}

  [[nodiscard]] int birthplace() const noexcept override {
    return group_.directory().get();
  }
  void mount_in(const UniqueFd& root) const override {
    because("its figures may be read inside, and its limits not set");
    const UniqueFd place =
        open_in_root(root, "/sys/fs/cgroup", O_PATH | O_DIRECTORY);
    sys::attach_mount(
        sys::make_filesystem(
            {.type = "cgroup2",
             .attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
                           MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC}),
        place, "/sys/fs/cgroup");
  }
  [[nodiscard]] const Group* group_of(
      std::string_view /*controller*/) const override {
    return &group_;
  }
  [[nodiscard]] std::uint64_t oom_kills() const override {
    return group_.figure("memory.events", "oom_kill");
  }
  void remove_abandoned() const override {
    for (const std::string& name : groups_below(above_.path())) {
      const std::string path =
          fmt::format("{}/{}", above_.path(), name);
      if (const UniqueFd lock = lock_if_abandoned(path); lock)
        kill_and_remove(path);
    }
  }
  void limit(const std::vector<Setting>& settings) const {
    for (const Setting& setting : settings) {
      if (setting.needed || group_.has(setting.file))
        group_.write(setting.file, setting.value);
    }
  }

 private:
  Parents above_;
  Group group_;
};

/// Hands controllers down from the group at `path` to those below it:
/// all that are needed, and of the others what there is.
void hand_down(const std::string& path,
               const std::vector<Setting>& settings) {
  const UniqueFd directory = sys::open(path, O_PATH | O_DIRECTORY);
  const std::string there =
      sys::read_file_at(directory, "cgroup.controllers");
  const std::string handed_down =
      sys::read_file_at(directory, "cgroup.subtree_control");
  std::string missing;
  const auto want = [&](std::string_view controller) {
    const std::string word = fmt::format("+{}", controller);
    if (!has_word(handed_down, controller) && !has_word(missing, word))
      missing += (missing.empty() ? "" : " ") + word;
  };
  for (const Setting& setting : settings) {
    if (!has_word(there, setting.controller))
      throw Failure{
          fmt::format("{} needs the controller {}, and {} does not "
                      "have it (it has: {})",
                      setting.option, setting.controller, path, there),
          Advice{.cause = "a group has only the controllers that the "
                          "group above hands down",
                 .cure =
                     "have it handed down (cgroup.subtree_control); "
                     "systemd: Delegate=yes, or --cgroup-parent",
                 .chapter = 5,
                 .anchor = "ch05-v2"}};
    want(setting.controller);
  }
  //! [hand_down]
  for (const std::string_view controller : kCounted)
    if (has_word(there, controller)) want(controller);
  if (missing.empty()) return;
  because(
      "a controller works only where the group above hands it down");
  const std::string file = "cgroup.subtree_control";
  sys::write_setting(
      {.directory = directory, .place = path, .name = file}, missing);
  //! [hand_down]
}

}  // namespace

std::unique_ptr<Cgroup> make_cgroup_v2(const Spec& spec) {
  const std::vector<Setting> settings = settings_v2(spec.limits);
  Parents above{
      tree_path(CgroupVersion::v2, "") + nearest_own_group_v2(),
      spec.cgroup_parent,
      [&](const std::string& path) { hand_down(path, settings); }};
  because("what it may use is bounded before anybody is in it");
  auto cgroup = std::make_unique<CgroupV2>(std::move(above));
  cgroup->limit(settings);
  return cgroup;
}

}  // namespace dockwright
