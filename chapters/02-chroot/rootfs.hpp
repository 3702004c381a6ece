#pragma once
// The root file system: a directory of the host that becomes `/`. It is
// opened once, before anything depends on it, and used by descriptor
// from then on: a path that is looked up twice may mean two things.

#include <string>

#include "common/unique_fd.hpp"

namespace dockwright {

/// Opens the directory that is to become the root, and refuses what
/// cannot be one: a missing one, a file, a link, an empty or unreadable
/// directory. @throws SystemCallError, Failure
[[nodiscard]] UniqueFd open_rootfs(const std::string& path);

/// Makes the open directory what `/` means for this process. The
/// working directory is moved in as well: chroot alone leaves it where
/// it was, outside. @man{chroot,2} @throws SystemCallError
void change_root(const UniqueFd& root);

}  // namespace dockwright
