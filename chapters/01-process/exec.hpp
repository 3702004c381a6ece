#pragma once
// The last step of every stage: the process stops being ours and
// becomes the program. Nothing of us survives execve but what the
// kernel keeps for the process: its root, its namespaces, its
// descriptors. So descriptors are seen to here.

#include <functional>
#include <string>
#include <vector>

#include "common/spec.hpp"

namespace dockwright {

/// Makes `directory` the working directory (`/` when empty and there is
/// a root file system), and makes sure that it is inside the root.
/// @cve{2024-21626} @throws SystemCallError, Failure
void enter_directory(const Spec& spec);

/// Finds `command` as a shell would: along `path` when it holds no
/// slash.
/// @throws Failure 127 when it is nowhere, 126 when what is there
/// cannot be executed
[[nodiscard]] std::string find_program(const std::string& command,
                                       std::string_view path);

/// Becomes the program that `spec` names, with a clean environment and
/// no descriptor beyond 0, 1 and 2. `last_act` is called with the
/// program's path when all but execve is done.
/// @throws Failure 126 or 127, with the reason
[[noreturn]] void exec(
    const Spec& spec,
    const std::function<void(const std::string&)>& last_act = {});

}  // namespace dockwright
