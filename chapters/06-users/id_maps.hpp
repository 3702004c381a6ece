#pragma once
// Which map a container gets. As root we may write any map: the numbers
// of the container become numbers that nobody on this machine has.
// Without root the kernel lets us map one number, our own. For more
// there are two small programs that are root, newuidmap and newgidmap:
// they map what the administrator has set aside for us in /etc/subuid
// and /etc/subgid, and nothing else.

#include <string>
#include <vector>

#include "chapters/06-users/ids.hpp"
#include "common/spec.hpp"

namespace dockwright {

/// What the choice depends on, so that it can be made, and tested, for
/// anybody.
struct Caller {
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  std::vector<IdRange> more_users{};   ///< From /etc/subuid.
  std::vector<IdRange> more_groups{};  ///< From /etc/subgid.
  bool helpers = false;  ///< newuidmap and newgidmap are there.
};

/// Who has started us, and what was set aside for them. The files are
/// read only where `spec` needs them.
[[nodiscard]] Caller find_caller(const Spec& spec);

/// The maps for what `spec` asks for, whole and checked. @throws
/// Failure
[[nodiscard]] IdMaps choose_id_maps(const Spec& spec,
                                    const Caller& caller);

}  // namespace dockwright
