#pragma once
// What a group has used: the same files that set its limits stand
// beside files that count.

#include <cstdint>
#include <string>
#include <vector>

#include "chapters/05-cgroups/hierarchy.hpp"

namespace dockwright {

/// The counters of a group at one moment.
struct Usage {
  std::uint64_t memory_bytes = 0;  ///< Without what is only cached.
  std::uint64_t memory_limit_bytes = 0;  ///< Or what the machine has.
  std::uint64_t cpu_us = 0;  ///< Since it was made, of all processors.
  std::uint64_t read_bytes = 0;
  std::uint64_t written_bytes = 0;
  std::uint64_t processes = 0;  ///< Threads, too.
  std::string command{};        ///< The name of its first program.
};

/// Where groups are to be looked for.
struct Place {
  CgroupVersion version = CgroupVersion::none;
  std::string parent{};  ///< Below the top of each tree.
};

/// Where `run` makes its groups, for this caller. @throws Failure
[[nodiscard]] Place usual_place();

/// The groups of all containers that run there: names without the
/// prefix that they share.
[[nodiscard]] std::vector<std::string> containers_at(
    const Place& place);

/// What the group of a container has used until now. All zero where it
/// is gone.
[[nodiscard]] Usage read_usage(const Place& place,
                               const std::string& container);

}  // namespace dockwright
