// The classic way out of a chroot, as a program of its own: `breakout
// COMMAND [ARG…]` runs COMMAND outside.
//
// A root is a pointer, and the kernel stops `..` only where the walk
// meets that very directory. A process that may call chroot moves its
// root *down* into a new directory while its working directory stays
// above it: the walk upwards then never meets the root again, and ends
// at the real one. It needs CAP_SYS_CHROOT, which root in stage 2 has.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/check.hpp"

using namespace dockwright;

namespace {

//! [breakout]
void walk_out() {
  //! [ex2.3]
  const char* const deeper = "/tmp/breakout";
  ignore(::mkdir(deeper, 0700), "it may be there from the last time");
  check(::chdir("/"), "stand at the old root");
  check(::chroot(deeper), "move the root below where we stand");
  for (int level = 0; level < 64; ++level)
    check(::chdir(".."), "walk up");  // the root is not on this way
  check(::chroot("."), "take the real root for our own");
  //! [ex2.3]
}
//! [breakout]

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: breakout COMMAND [ARG...]\n");
    return 2;
  }
  try {
    walk_out();
    check(::execv(argv[1], argv + 1), "execute {}", argv[1]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "breakout: {}\n", error.what());
  }
  return 1;
}
