#pragma once
// The control group of a container: what it may use, and what it used.
// Limits are set before anybody is in it, so that they hold from the
// first instruction on.
//
// The two versions differ in how a process gets in. In version 2 it is
// born there (CLONE_INTO_CGROUP). In version 1 it goes in by itself, as
// the first thing that it does: a process that is moved by another one
// makes the kernel wait until no processor is in the middle of anything
// (some milliseconds); a thread that moves itself does not.

#include <memory>
#include <string>

#include "chapters/05-cgroups/group.hpp"
#include "common/spec.hpp"

namespace dockwright {

/// The group of one container.
class Cgroup {
 public:
  Cgroup() = default;
  Cgroup(Cgroup&&) = delete;
  virtual ~Cgroup() = default;

  /// What a child can be born into; -1 when it must go in by itself.
  [[nodiscard]] virtual int birthplace() const noexcept { return -1; }
  /// In the child: goes in, unless it was born there.
  virtual void enter() const {}
  /// In the child: mounts the tree of groups in `root`, read-only, as
  /// this process sees it.
  virtual void mount_in(const UniqueFd& /*root*/) const {}
  /// The directory that has the settings of a controller; null when
  /// there is none.
  [[nodiscard]] virtual const Group* group_of(
      std::string_view /*controller*/) const {
    return nullptr;
  }
  /// How many processes the kernel killed because the limit of memory
  /// was reached.
  [[nodiscard]] virtual std::uint64_t oom_kills() const { return 0; }
  /// Removes what stages that were killed have left.
  virtual void remove_abandoned() const {}
};

/// Makes the group that `spec` asks for, with its limits in force. Where
/// nothing is asked for and none can be made (without root, and nothing
/// delegated) the container stays in our own.
/// @throws Failure, SystemCallError
[[nodiscard]] std::unique_ptr<Cgroup> make_cgroup(const Spec& spec);

/// In the child, when it is in its group: gives it a view of the tree in
/// which that group is the top. @kernel{4.6} @man{cgroup_namespaces,7}
void hide_other_groups(CgroupView view);

/// Says on standard error, if it is so, that the container was short of
/// memory: an exit code of 137 alone does not tell who killed.
void tell_of_oom_kills(const Cgroup& cgroup, const Limits& limits);

// One maker for each version.
[[nodiscard]] std::unique_ptr<Cgroup> make_cgroup_v1(const Spec& spec);
[[nodiscard]] std::unique_ptr<Cgroup> make_cgroup_v2(const Spec& spec);

}  // namespace dockwright
