#pragma once
// What an image says about how it is run, and what the command line
// says. Who runs a container has the last word; what they do not
// mention is the image's. With one trap that is Docker's, too: a new
// `--entrypoint` takes the image's CMD along, for it was that
// program's arguments.

#include "chapters/09-images/image_config.hpp"
#include "common/spec.hpp"

namespace dockwright {

/// `asked`, and where nothing was asked for, what `config` says: command,
/// environment (before that of `-e`), directory, user.
/// @throws Failure when there is no command at all
[[nodiscard]] Spec with_config(const Spec& asked,
                               const RunConfig& config);

/// As above, without an image: `--entrypoint` alone.
[[nodiscard]] Spec with_entrypoint(const Spec& asked);

/// The places of `config`'s volumes that `asked` mounts nothing on.
[[nodiscard]] std::vector<std::string> undecided_volumes(
    const Spec& asked, const RunConfig& config);

}  // namespace dockwright
