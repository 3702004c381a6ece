#include "chapters/04-mounts/options.hpp"

#include "chapters/04-mounts/volumes.hpp"

namespace dockwright {

void mount_options(cli::Options& options, Spec& spec) {
  options.each(
      "-v,--volume",
      [&spec](const std::string& text) {
        spec.mounts.push_back(parse_volume(text));
      },
      "SOURCE:TARGET[:ro]",
      "Show a directory or file of the host in the container");
  options.each(
      "--mount",
      [&spec](const std::string& text) {
        spec.mounts.push_back(parse_mount(text));
      },
      "type=bind,source=…,target=…",
      "The same, spelled out; also type=tmpfs,target=…,tmpfs-size=64m");
  options.each(
      "--tmpfs",
      [&spec](const std::string& text) {
        spec.mounts.push_back(parse_tmpfs(text));
      },
      "TARGET[:size=64m,mode=1777]",
      "A directory in memory, empty at the start");
  options.flag("--read-only", spec.read_only, true,
               "The container cannot change its root file system");
  options.flag("-t,--tty", spec.tty, true,
               "Give the container a terminal of its own");
  options.flag("-i,--interactive", spec.interactive, true,
               "Keep standard input open (else it is /dev/null)");
}

}  // namespace dockwright
