// Stage 5: control groups.
//
// Up to here a container differs from other processes in what it sees.
// Now it differs in what it may use: memory, processor time, processes.
// The kernel counts for a group of processes, and refuses when the
// group has had enough. The order is the lesson again: the group is
// made and bounded before anybody is in it, so that there is no moment
// in which the program runs and the limits do not hold.

#include <sched.h>

#include "chapters/01-process/exec.hpp"
#include "chapters/01-process/signals.hpp"
#include "chapters/02-chroot/rootfs.hpp"
#include "chapters/03-namespaces/init.hpp"
#include "chapters/03-namespaces/namespaces.hpp"
#include "chapters/04-mounts/console.hpp"
#include "chapters/04-mounts/filesystems.hpp"
#include "chapters/04-mounts/masks.hpp"
#include "chapters/04-mounts/root.hpp"
#include "chapters/04-mounts/volumes.hpp"
#include "chapters/05-cgroups/cgroup.hpp"
#include "common/explain.hpp"
#include "common/process.hpp"
#include "common/sys.hpp"

namespace dockwright {

//! [run]
int run(const Spec& spec) {
  const UniqueFd root = detached_root(open_rootfs(spec.rootfs));
  const std::vector<Volume> volumes = open_volumes(spec);
  const UniqueFd stage = own_pidfd();
  const Signals signals{Terminal::separate};
  Console console{spec};
  const auto group = make_cgroup(spec);
  because("a new namespace is a table of the kernel's to itself");
  std::uint64_t namespaces = network_namespace(spec.network);
  namespaces |=
      CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWIPC;
  const SpawnOptions birth{.namespaces = namespaces,
                           .speaker = "the container",
                           .cgroup = group->birthplace()};
  Process container = spawn(birth, [&] {
    die_with_parent(stage);
    //! [ex5.2]
    group->enter();
    // Beyond this point whatever it uses is counted, and bounded.
    hide_other_groups(spec.cgroup_view);
    //! [ex5.2]
    because("renaming the container must not rename the host");
    sys::sethostname(spec.hostname);
    make_mounts_private();
    attach_root(root);
    mount_proc_in(root);
    mount_sys_in(root);
    group->mount_in(root);
    mount_dev_in(root);
    console.make_in(root);
    attach_volumes(root, volumes);
    mask_paths(root);
    if (spec.read_only) make_root_read_only(root);
    pivot_into(root);
    // Beyond this point no path of the host can be named, nor walked
    // to.
    const auto command = [&] {
      enter_directory(spec);
      console.take();
      signals.release();
      exec(spec);
    };
    if (spec.init) return run_as_init(signals, command);
    command();
    return 0;
  });
  group->remove_abandoned();
  because("whoever started us wants to know how the program ended");
  const int code =
      supervise(container, signals,
                {.watches = [&] { return console.watches(); },
                 .window_changed = [&] { console.resize(); }});
  tell_of_oom_kills(*group, spec.limits);
  return code;
}
//! [run]

}  // namespace dockwright
