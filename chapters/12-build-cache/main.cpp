#include <memory>

#include "chapters/01-process/options.hpp"
#include "chapters/03-namespaces/options.hpp"
#include "chapters/04-mounts/options.hpp"
#include "chapters/05-cgroups/options.hpp"
#include "chapters/05-cgroups/stats.hpp"
#include "chapters/06-users/options.hpp"
#include "chapters/07-privileges/options.hpp"
#include "chapters/08-layers/commands.hpp"
#include "chapters/08-layers/options.hpp"
#include "chapters/09-images/commands/commands.hpp"
#include "chapters/09-images/options.hpp"
#include "chapters/10-registry/hand_over.hpp"
#include "chapters/10-registry/options.hpp"
#include "chapters/11-dockerfile/options.hpp"
#include "chapters/12-build-cache/commands/cache_commands.hpp"
#include "chapters/12-build-cache/options.hpp"

namespace dockwright {
int run(const Spec& spec);
}

namespace {

dockwright::cli::Command build_command(const char* name) {
  using namespace dockwright;
  return {.name = name,
          .about = "Make an image as a Dockerfile says",
          .chapter = 11,
          .declare = [](cli::Options& options) -> std::function<int()> {
            const auto spec = std::make_shared<BuildSpec>();
            const auto words =
                std::make_shared<std::vector<std::string>>();
            build_options(options, *spec);
            cli::Options later = options.since(12);
            cached_build_options(later, *spec);
            options.words(*words, "CONTEXT",
                          "The directory that COPY takes files from");
            return [spec, words] {
              complete(*spec, *words);
              return build(*spec, run);
            };
          }};
}

std::vector<dockwright::cli::Command> commands() {
  using namespace dockwright;
  std::vector<cli::Command> all = image_commands();
  for (const cli::Command& command : registry_commands())
    all.push_back(command);
  for (const cli::Command& other :
       {build_command("build"), build_command("image build"),
        build_command("builder build"),
        cache_prune_command("builder prune"),
        cache_usage_command("builder du"), stats_command(),
        layer_apply_command(), layer_diff_command(),
        layer_show_command()})
    all.push_back(other);
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace dockwright;
  return cli::main({.number = 12,
                    .options = {{1, process_options},
                                {2, layered_rootfs_options},
                                {3, namespace_options},
                                {4, mount_options},
                                {5, limit_options},
                                {6, user_options},
                                {7, privilege_options},
                                {8, layer_options},
                                {9, image_options},
                                {10, registry_run_options}},
                    .run = run,
                    .commands = commands()},
                   argc, argv);
}
