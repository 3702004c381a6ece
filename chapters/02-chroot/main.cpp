#include "chapters/01-process/options.hpp"
#include "chapters/02-chroot/options.hpp"

namespace dockwright {
int run(const Spec& spec);
}

int main(int argc, char** argv) {
  using namespace dockwright;
  return cli::main(
      {.number = 2,
       .options = {{1, process_options}, {2, rootfs_options}},
       .run = run},
      argc, argv);
}
