#pragma once
// The commands of this chapter, as Docker has them: each under its short
// name (`images`) and in the group `image` (`image ls`).

#include <vector>

#include "common/cli.hpp"

namespace dockwright {

/// All commands that chapter 9 brings, in the order of the help.
[[nodiscard]] std::vector<cli::Command> image_commands();

// One each; `name` is the one under which it is offered.
[[nodiscard]] cli::Command import_command(const char* name);
[[nodiscard]] cli::Command load_command(const char* name);
[[nodiscard]] cli::Command save_command(const char* name);
[[nodiscard]] cli::Command list_command(const char* name);
[[nodiscard]] cli::Command inspect_command(const char* name);
[[nodiscard]] cli::Command history_command(const char* name);
[[nodiscard]] cli::Command tag_command(const char* name);
[[nodiscard]] cli::Command remove_command(const char* name);
[[nodiscard]] cli::Command prune_command(const char* name);
[[nodiscard]] cli::Command tree_command(const char* name);
[[nodiscard]] cli::Command commit_command(const char* name);
[[nodiscard]] cli::Command export_command(const char* name);
[[nodiscard]] cli::Command check_command(const char* name);
[[nodiscard]] cli::Command usage_command(const char* name);

}  // namespace dockwright
