#pragma once
// In which order a process gives its power up. Each step needs a power
// that a later one takes away, so there is one order that works:
//
//     as root      limits; bounding set (needs CAP_SETPCAP)
//                  (the filter, if privileges may be gained later:
//                  loading it then needs CAP_SYS_ADMIN)
//     change user  (needs CAP_SETUID, CAP_SETGID)
//     as the user  the other four sets; no new privileges
//     last         the filter: whatever comes after it, it judges

#include <functional>
#include <string>

#include "chapters/06-users/ids.hpp"
#include "chapters/07-privileges/capabilities.hpp"
#include "chapters/07-privileges/own_program.hpp"
#include "chapters/07-privileges/seccomp.hpp"
#include "common/spec.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

/// What a container may do, decided on the host before there is one.
class Privileges {
 public:
  /// A container in a user namespace that is still to be made gets all
  /// powers over it; any other one at most what we hold. @throws Failure
  Privileges(const Spec& spec, const IdMaps& maps);

  /// In the command: everything but the last act. `change_user` is
  /// called in between.
  void give_up(const std::function<void()>& change_user) const;
  /// What is left for the moment between everything and the program,
  /// whose path it is given.
  [[nodiscard]] std::function<void(const std::string&)> last_act()
      const;

 private:
  const Spec& spec_;
  CapabilitySet capabilities_;
  SystemCallFilter filter_;
  OwnProgram own_{};
  bool may_gain_;
};

/// In the init: forwarding signals to processes of other users is all
/// that it needs power for.
void keep_only_kill();

/// Writes what `--sysctl` asked for, and closes the windows into the
/// kernel; with `--privileged` it opens them instead.
void guard_kernel_settings(const UniqueFd& root, const Spec& spec);

}  // namespace dockwright
