// Stage 2: chroot.
//
// Each process has a root directory, and every path that begins with
// `/` begins there. It is a pointer in the process, no more: chroot
// (1979) changes the pointer, and children inherit it. What this stage
// takes from a process is the view of the host's files. What it does
// not take is everything else, and not even the files for certain: see
// "Break it".

#include "chapters/01-process/exec.hpp"
#include "chapters/01-process/signals.hpp"
#include "chapters/02-chroot/rootfs.hpp"
#include "common/explain.hpp"
#include "common/process.hpp"

namespace dockwright {

//! [run]
int run(const Spec& spec) {
  const UniqueFd root = open_rootfs(spec.rootfs);
  const Signals signals;
  because(
      "a child can become the program while we stay and wait for it");
  Process container = spawn({.speaker = "the child"}, [&] {
    change_root(root);
    // Beyond this point a path of the host can no longer be named.
    enter_directory(spec);
    signals.release();
    exec(spec);
  });
  because("whoever started us wants to know how the program ended");
  return supervise(container, signals);
}
//! [run]

}  // namespace dockwright
