// Stage 1: a process is all there is.
//
// A container is a process that sees less. Before anything is taken
// from it, this is the whole life of one: a parent clones a child, the
// child becomes the program, the parent waits and learns how it ended.
// Sixteen chapters from here the same three calls are still the
// skeleton; everything else happens between clone and exec.

#include "chapters/01-process/exec.hpp"
#include "chapters/01-process/signals.hpp"
#include "common/explain.hpp"
#include "common/process.hpp"

namespace dockwright {

//! [run]
int run(const Spec& spec) {
  const Signals signals;
  because(
      "a child can become the program while we stay and wait for it");
  Process container = spawn({.speaker = "the child"}, [&] {
    enter_directory(spec);
    signals.release();
    exec(spec);
  });
  because("whoever started us wants to know how the program ended");
  return supervise(container, signals);
}
//! [run]

}  // namespace dockwright
