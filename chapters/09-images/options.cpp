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
  options.each(
      "--archive-limit",
      [&spec](const std::string& text) {
        ArchiveLimits checked;
        set_archive_limit(checked, text);  // throws
        spec.archive_limits.push_back(text);
      },
      "NAME=VALUE", "What a layer of the image may ask for");
  options.flag(
      "--rm", spec.remove, true,
      "Remove the container when it has ended, as always here");
}

}  // namespace dockwright
