#pragma once
// Who speaks to registries: another program. HTTP and TLS are a dozen
// libraries, and loading them takes longer than a container takes to
// start. So they are in registry-client, which stands beside us, and a
// command that needs them becomes that program.

#include <string>
#include <vector>

#include "common/cli.hpp"

namespace dockwright {

/// The commands that are handed over.
[[nodiscard]] std::vector<cli::Command> registry_commands();

/// registry-client, beside our own program. @throws Failure when it is
/// not there
[[nodiscard]] std::string registry_client();

/// The command line that it gets: our own name, for errors and helps
/// are told in it, and then `words`.
[[nodiscard]] std::vector<std::string> client_words(
    const std::vector<std::string>& words);

/// Our environment, to be handed on.
[[nodiscard]] std::vector<std::string> own_environment();

}  // namespace dockwright
