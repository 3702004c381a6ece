#include "chapters/04-mounts/root.hpp"

#include <fcntl.h>
#include <sys/mount.h>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/sys.hpp"
#include "common/sys_mount.hpp"

namespace dockwright {

UniqueFd detached_root(const UniqueFd& rootfs) {
  because(
      "the root becomes a mount of its own, which can be swapped as "
      "one");
  UniqueFd root =
      sys::clone_mount(rootfs, sys::Depth::one, "the root file system");
  sys::change_mount(root, {.propagation = MS_PRIVATE},
                    "the root file system");
  return root;
}

//! [make_mounts_private]
void make_mounts_private() {
  //! [ex4.1]
  because(
      "what we mount must not appear on the host, nor the host's here");
  const UniqueFd host = sys::open("/", O_PATH | O_DIRECTORY);
  sys::change_mount(
      host, {.propagation = MS_PRIVATE, .depth = sys::Depth::recursive},
      "/");
  //! [ex4.1]
}
//! [make_mounts_private]

void attach_root(const UniqueFd& root) {
  because(
      "a root mount must be attached somewhere before it can be "
      "swapped");
  sys::attach_mount(root, sys::open("/", O_PATH | O_DIRECTORY), "/");
}

//! [pivot_into]
void pivot_into(const UniqueFd& root) {
  //! [ex4.2]
  because("the root of the namespace itself is swapped, not a pointer");
  sys::fchdir(root, "the new root");
  sys::pivot_root_here();  // the old root now lies over the new one
  because("nothing of the host must be left to walk to");
  sys::detach_mount_here();  // "." is still the old root
  sys::chdir("/");
  //! [ex4.2]
}
//! [pivot_into]

void make_root_read_only(const UniqueFd& root) {
  because("--read-only: the container must not change its own files");
  sys::change_mount(root, {.set = MOUNT_ATTR_RDONLY}, "/");
}

}  // namespace dockwright
