// Stage 3: namespaces.
//
// The same child, born into tables of its own: UTS (the host name), PID
// (process numbers), IPC (shared memory, queues). Inside it is process
// 1, and what it cannot number it cannot signal. Between it and the
// command stands a small init. One thing is wrong on purpose: /proc is
// mounted where the whole host sees it, and it stays. Chapter 4 mends
// that.

#include <sched.h>

#include "chapters/01-process/exec.hpp"
#include "chapters/01-process/signals.hpp"
#include "chapters/02-chroot/rootfs.hpp"
#include "chapters/03-namespaces/init.hpp"
#include "chapters/03-namespaces/namespaces.hpp"
#include "common/explain.hpp"
#include "common/process.hpp"
#include "common/sys.hpp"

namespace dockwright {

//! [run]
int run(const Spec& spec) {
  const UniqueFd root = open_rootfs(spec.rootfs);
  const UniqueFd stage = own_pidfd();
  const Signals signals;
  //! [flags]
  because("a new namespace is a table of the kernel's to itself");
  std::uint64_t namespaces = network_namespace(spec.network);
  //! [ex3.1]
  namespaces |= CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWIPC;
  //! [ex3.1]
  //! [flags]
  Process container = spawn({namespaces, "the container"}, [&] {
    die_with_parent(stage);
    //! [hostname]
    because("renaming the container must not rename the host");
    sys::sethostname(spec.hostname);
    //! [hostname]
    change_root(root);
    // Beyond this point a path of the host can no longer be named.
    mount_proc();
    const auto command = [&] {
      enter_directory(spec);
      signals.release();
      exec(spec);
    };
    if (spec.init) return run_as_init(signals, command);
    command();
    return 0;
  });
  because("whoever started us wants to know how the program ended");
  return supervise(container, signals);
}
//! [run]

}  // namespace dockwright
