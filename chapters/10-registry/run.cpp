// Stage 10: a registry. An image that is not here is fetched by its
// name, before anything of the container is made.

#include <sched.h>

#include "chapters/01-process/exec.hpp"
#include "chapters/01-process/signals.hpp"
#include "chapters/02-chroot/rootfs.hpp"
#include "chapters/03-namespaces/init.hpp"
#include "chapters/03-namespaces/namespaces.hpp"
#include "chapters/04-mounts/console.hpp"
#include "chapters/04-mounts/filesystems.hpp"
#include "chapters/04-mounts/root.hpp"
#include "chapters/04-mounts/volumes.hpp"
#include "chapters/05-cgroups/cgroup.hpp"
#include "chapters/06-users/furniture.hpp"
#include "chapters/06-users/id_maps.hpp"
#include "chapters/06-users/user.hpp"
#include "chapters/06-users/user_namespace.hpp"
#include "chapters/07-privileges/devices.hpp"
#include "chapters/07-privileges/own_program.hpp"
#include "chapters/07-privileges/privileges.hpp"
#include "chapters/07-privileges/settings.hpp"
#include "chapters/08-layers/layered_root.hpp"
#include "chapters/08-layers/upper.hpp"
#include "chapters/09-images/origin.hpp"
#include "chapters/10-registry/missing.hpp"
#include "common/explain.hpp"
#include "common/process.hpp"
#include "common/sys.hpp"

namespace dockwright {

//! [run]
int run(const Spec& asked) {
  const std::string store = default_store_root();  // ours, not root's
  fetch_missing(asked, store);
  prepare_settings(asked);
  const IdMaps maps = choose_id_maps(asked, find_caller(asked));
  enter_user_namespace(maps);
  // Beyond this point we are root, if only in a namespace of our own.
  const Privileges privileges{asked, maps};
  take_own_mounts(asked);
  Origin origin = find_origin(asked, store);  // it is whole, and stays
  const Spec& spec = origin.spec;
  const Layer upper = take_upper(origin);  // locked until we end
  const UniqueFd root = spec.overlay
                            ? layered_root(std::move(origin.layers),
                                           upper, maps, origin.keep)
                            : detached_root(open_rootfs(spec.rootfs));
  make_volumes(origin, root, maps);
  const std::vector<Volume> volumes = open_volumes(spec);
  const UniqueFd stage = own_pidfd();
  const Signals signals{Terminal::separate};
  Console console{spec};
  const Devices devices{spec};
  const auto group = make_cgroup(spec);
  because("a new namespace is a table of the kernel's to itself");
  std::uint64_t namespaces = network_namespace(spec.network);
  namespaces |=
      CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWIPC;
  ContainerMaps container_maps{maps};
  namespaces |= container_maps.clone_flag();
  const SpawnOptions birth{.namespaces = namespaces,
                           .speaker = "the container",
                           .cgroup = group->birthplace()};
  Process container = spawn(birth, [&] {
    set_oom_score(spec);
    container_maps.await();
    die_with_parent(stage);
    group->enter();
    // Beyond this point whatever it uses is counted, and bounded.
    hide_other_groups(spec.cgroup_view);
    leave_keyring();
    because("renaming the container must not rename the host");
    sys::sethostname(spec.hostname);
    make_mounts_private();
    attach_root(root);
    mount_proc_in(root);
    mount_sys_for(root, spec, maps);
    group->mount_in(root);
    devices.mount_dev_in(root, maps);
    console.make_in(root);
    attach_volumes(root, volumes);
    make_workdir(origin, root);
    const User user = find_user(root, spec, maps);
    guard_kernel_settings(root, spec);
    if (spec.read_only) make_root_read_only(root);
    pivot_into(root);
    // Beyond this point no path of the host can be named, nor walked
    // to.
    hide_from_others();
    const auto command = [&] {
      enter_directory(spec);
      console.take();
      signals.release();
      privileges.give_up([&] { become(user, spec, maps); });
      die_with_parent(stage);  // a change of user has cancelled it
      exec(at_home(user, spec), privileges.last_act());
    };
    if (spec.init) return run_as_init(signals, command, keep_only_kill);
    command();
    return 0;
  });
  const UniqueFd layered;  // the owners of its layers are mapped
  container_maps.apply(container, spec.overlay ? layered : root,
                       volumes);
  devices.bound(*group);
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
