#include "chapters/09-images/commands/commands.hpp"

namespace dockwright {

std::vector<cli::Command> image_commands() {
  return {list_command("images"),
          inspect_command("inspect"),
          history_command("history"),
          tag_command("tag"),
          remove_command("rmi"),
          import_command("import"),
          load_command("load"),
          save_command("save"),
          commit_command("commit"),
          export_command("export"),
          list_command("image ls"),
          list_command("image list"),
          inspect_command("image inspect"),
          history_command("image history"),
          tag_command("image tag"),
          remove_command("image rm"),
          remove_command("image remove"),
          import_command("image import"),
          load_command("image load"),
          save_command("image save"),
          prune_command("image prune"),
          tree_command("image tree"),
          check_command("system check"),
          usage_command("system df")};
}

}  // namespace dockwright
