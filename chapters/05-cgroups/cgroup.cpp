#include "chapters/05-cgroups/cgroup.hpp"

#include <sched.h>
#include <unistd.h>

#include "chapters/05-cgroups/hierarchy.hpp"
#include "chapters/05-cgroups/limits.hpp"
#include "chapters/05-cgroups/quantities.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/sys_file.hpp"

namespace dockwright {

namespace {

std::unique_ptr<Cgroup> make_for_version(const Spec& spec) {
  switch (cgroup_version()) {
    case CgroupVersion::v2:
      return make_cgroup_v2(spec);
    case CgroupVersion::v1:
      return make_cgroup_v1(spec);
    case CgroupVersion::none:
      break;
  }
  throw Failure{
      "no control groups are mounted at /sys/fs/cgroup",
      Advice{.cause =
                 "limits are set through the files there, and this "
                 "machine, or this container, does not show them",
             .cure = "mount -t cgroup2 cgroup2 /sys/fs/cgroup, or run "
                     "it where systemd has done that",
             .chapter = 5,
             .anchor = "ch05-idea"}};
}

bool asked_for(const Spec& spec) {
  return any(spec.limits) || !spec.cgroup_parent.empty();
}

}  // namespace

//! [make_cgroup]
std::unique_ptr<Cgroup> make_cgroup(const Spec& spec) {
  check_limits(spec.limits);
  because("what it may use is bounded before anybody is in it");
  try {
    return make_for_version(spec);
  } catch (const std::exception&) {
    // A limit that was asked for and cannot be set is an error. Nobody
    // asked: without root the container stays in our own group.
    if (asked_for(spec) || is_root_of_host()) throw;
    return std::make_unique<Cgroup>();
  }
}
//! [make_cgroup]

void hide_other_groups(CgroupView view) {
  if (view == CgroupView::host) return;
  because("its own group is the top of the tree that it sees");
  sys::unshare(CLONE_NEWCGROUP);
}

void tell_of_oom_kills(const Cgroup& cgroup, const Limits& limits) {
  const std::uint64_t kills = cgroup.oom_kills();
  if (kills == 0) return;
  const std::string text = fmt::format(
      "out of memory: the kernel killed {} of the container, which "
      "wanted more than {}{}",
      kills == 1 ? "a process" : fmt::format("{} processes", kills),
      limits.memory_bytes
          ? "--memory " + human_size(*limits.memory_bytes)
          : "there was",
      ::isatty(STDERR_FILENO) == 1 ? "\r\n" : "\n");  // it may be raw
  ignore(::write(STDERR_FILENO, text.data(), text.size()),
         "nobody is there to read it");
}

}  // namespace dockwright
