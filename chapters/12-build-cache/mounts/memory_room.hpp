#pragma once
// A directory in memory, for what must not come to lie on a disk, and
// gone with this process. Root mounts one where nobody else sees it.
// Who is not root has none to mount yet: the container's user namespace
// comes later. Then it is a directory of ours in /dev/shm, and a guard
// removes it when we end, however that comes.

#include <string>

#include "common/process.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

struct MemoryRoom {
  UniqueFd directory{};
  std::string path{};
};

/// `place`: the path of an empty directory, to mount on.
[[nodiscard]] MemoryRoom make_memory_room(const std::string& place);

}  // namespace dockwright
