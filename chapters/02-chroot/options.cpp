#include "chapters/02-chroot/options.hpp"

namespace dockwright {

void rootfs_options(cli::Options& options, Spec& spec) {
  options.value("--rootfs", spec.rootfs, "DIR",
                "The directory that the container takes for its root");
}

}  // namespace dockwright
