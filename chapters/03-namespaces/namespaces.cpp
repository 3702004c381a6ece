#include "chapters/03-namespaces/namespaces.hpp"

#include <sched.h>
#include <sys/mount.h>

#include "common/explain.hpp"
#include "common/sys_mount.hpp"

namespace dockwright {

std::uint64_t network_namespace(NetworkMode mode) noexcept {
  return mode == NetworkMode::none ? CLONE_NEWNET : 0;
}

//! [mount_proc]
void mount_proc() {
  //! [ex3.2]
  because(
      "ps reads /proc, which must be that of the new PID namespace");
  sys::mount({.source = "proc",
              .target = "/proc",
              .type = "proc",
              .flags = MS_NOSUID | MS_NODEV | MS_NOEXEC});
  //! [ex3.2]
}
//! [mount_proc]

}  // namespace dockwright
