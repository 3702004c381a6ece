#pragma once
// Engines as columns of the matrix. Podman runs a root file system directly and keeps all its state where it
// is told. Docker is a client of a daemon, which stands outside of the laboratory: it is asked for images and
// containers that bear the laboratory's name, and they are taken away at the end.

#include <filesystem>
#include <string>
#include <vector>

#include "book/workbook/matrix_world.hpp"

namespace dockwright::workbook::matrix {

/// The command line that runs `command` in a container of Podman, options of `run` before.
[[nodiscard]] std::vector<std::string> podman_line(const std::filesystem::path& program, const World& world,
                                                   const std::vector<std::string>& options,
                                                   const std::vector<std::string>& command);

/// In the child, before it becomes Podman: what it would leave in /run and /dev/shm goes into file systems of
/// its own.
void hide_state_of_podman();

/// Whether Docker's daemon answers. A client without a daemon runs nothing.
[[nodiscard]] bool docker_answers(const std::filesystem::path& program);

/// The command line that runs `command` in a container of Docker. The first call gives the daemon an image.
/// @throws std::runtime_error when the daemon does not take it
[[nodiscard]] std::vector<std::string> docker_line(const std::filesystem::path& program, const World& world,
                                                   const std::vector<std::string>& options,
                                                   const std::vector<std::string>& command);

/// Whether the container of this laboratory is still there.
[[nodiscard]] bool docker_container_runs(const std::filesystem::path& program);

/// Takes the container away, if there is one.
void remove_docker_container(const std::filesystem::path& program);

/// Takes away container and image of this laboratory. Not of one that was ended by SIGKILL: `docker rmi` does
/// that.
void remove_docker_image(const std::filesystem::path& program);

}  // namespace dockwright::workbook::matrix
