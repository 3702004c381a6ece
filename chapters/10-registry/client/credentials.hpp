#pragma once
// Names and passwords: from config.json, or from a program that keeps
// them in the desktop's safe and speaks a small language
// (docker-credential-NAME): the word `get`, `store` or `erase`, the
// registry's name on its standard input, JSON on its standard output.

#include <optional>
#include <string>

#include "chapters/10-registry/client/docker_config.hpp"

namespace dockwright {

/// Those of the user for a registry, wherever they are kept. Nothing:
/// the user is anonymous there.
[[nodiscard]] std::optional<Credentials> find_credentials(
    const DockerConfig& config, const std::string& registry);

/// Keeps them. Gives back where: a file, or a program.
std::string store_credentials(const DockerConfig& config,
                              const std::string& registry,
                              const Credentials& credentials);

/// Forgets them. Whether there were any.
bool erase_credentials(const DockerConfig& config,
                       const std::string& registry);

}  // namespace dockwright
