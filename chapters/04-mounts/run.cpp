// Stage 4: mounts and pivot_root.
//
// What is mounted is a table, too, and here the container gets its own.
// The order is the lesson: whatever comes from the host is opened
// first, while it can be named; then the container is furnished below
// its new root; then the roots are swapped and the old one is gone; and
// only then the container's program runs.

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
  because("a new namespace is a table of the kernel's to itself");
  std::uint64_t namespaces = network_namespace(spec.network);
  namespaces |=
      CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWIPC;
  Process container = spawn({namespaces, "the container"}, [&] {
    die_with_parent(stage);
    because("renaming the container must not rename the host");
    sys::sethostname(spec.hostname);
    make_mounts_private();
    attach_root(root);
    mount_proc_in(root);
    mount_sys_in(root);
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
  because("whoever started us wants to know how the program ended");
  return supervise(container, signals,
                   {.watches = [&] { return console.watches(); },
                    .window_changed = [&] { console.resize(); }});
}
//! [run]

}  // namespace dockwright
