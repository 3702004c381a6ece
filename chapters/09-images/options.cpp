#include "chapters/09-images/options.hpp"

#include "chapters/08-layers/archive_limits.hpp"

namespace dockwright {

void image_options(cli::Options& options, Spec& spec) {
  options.each(
      "--entrypoint",
      [&spec](const std::string& text) { spec.entrypoint = text; },
      "PROGRAM",
      "Run this before the arguments, not what the image says");
  options.value(
      "--platform", spec.platform, "OS/ARCHITECTURE",
      "Which of an image's platforms (default: this machine)");
  options.flag(
      "--rm", spec.remove, true,
      "Remove the container when it has ended, as always here");
}

}  // namespace dockwright
