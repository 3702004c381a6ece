#include "chapters/07-privileges/privileges.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/mount.h>
#include <unistd.h>

#include "chapters/04-mounts/masks.hpp"
#include "chapters/07-privileges/settings.hpp"
#include "common/explain.hpp"
#include "common/open_in_root.hpp"
#include "common/sys_mount.hpp"

namespace dockwright {

Privileges::Privileges(const Spec& spec, const IdMaps& maps)
    : spec_{spec},
      capabilities_{granted_capabilities(
          spec, maps.way == IdMaps::Way::parent ? kEveryCapability
                                                : held_capabilities())},
      filter_{open_filter(spec, capabilities_)},
      may_gain_{spec.privileged || !spec.no_new_privileges} {}

//! [give_up]
void Privileges::give_up(
    const std::function<void()>& change_user) const {
  set_limits(spec_);
  //! [ex7.2]
  because("what root may do here, and any program that it executes");
  drop_bounding_capabilities(capabilities_);
  if (may_gain_) load_filter(filter_);
  change_user();
  set_capabilities(::geteuid() == 0 ? capabilities_ : 0);
  if (!may_gain_) forbid_new_privileges();
  //! [ex7.2]
}
//! [give_up]

std::function<void(const std::string&)> Privileges::last_act() const {
  return [this](const std::string& program) {
    own_.refuse(program);
    if (!may_gain_) load_filter(filter_);
  };
}

void keep_only_kill() {
  because("an init forwards signals: it needs no other power");
  set_capabilities(one_capability(CAP_KILL));
}

void guard_kernel_settings(const UniqueFd& root, const Spec& spec) {
  write_sysctls(root, spec);
  if (!spec.privileged) {
    if (spec.mask_paths) mask_paths(root);
    return;
  }
  because("--privileged: the machine's settings are the container's");
  sys::change_mount(
      open_in_root(root, "/sys", O_PATH | O_DIRECTORY),
      {.clear = MOUNT_ATTR_RDONLY, .depth = sys::Depth::recursive},
      "/sys");
}

}  // namespace dockwright
