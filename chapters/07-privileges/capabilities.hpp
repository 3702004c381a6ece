#pragma once
// Root's power in 41 pieces. Since Linux 2.2 the kernel no longer asks
// "is this user 0?" but "does this process hold CAP_…?", and a process
// holds five sets of them:
//
//     bounding     what any program may have, ever, from here on
//     permitted    what this process may use
//     effective    what it uses now: the set that is asked
//     inheritable  what may pass through exec, if the file agrees
//     ambient      what passes through exec, without asking the file
//
// When root executes a program, the bounding set becomes its permitted
// and effective set. So the wall is the bounding set; the others are
// set as well, for a set that is forgotten is a way back
// (CVE-2022-24769). @man{capabilities,7}

#include <cstdint>
#include <string>
#include <vector>

#include "common/spec.hpp"

namespace dockwright {

/// A set of capabilities: bit N stands for number N, as in
/// /proc/self/status.
using CapabilitySet = std::uint64_t;

/// What `--privileged` and `ALL` ask for: whatever there is.
inline constexpr CapabilitySet kEveryCapability = ~CapabilitySet{0};

/// The set of one capability, such as `one_capability(CAP_KILL)`.
[[nodiscard]] constexpr CapabilitySet one_capability(
    unsigned number) noexcept {
  return CapabilitySet{1} << number;
}

/// Reads `NET_ADMIN`, `CAP_NET_ADMIN`, `net_admin` or `ALL`. @throws
/// Failure with the nearest name
[[nodiscard]] CapabilitySet parse_capability(const std::string& name);

/// Docker's fourteen: enough to install packages and to serve port 80,
/// and nothing that reaches beyond the container.
[[nodiscard]] CapabilitySet default_capabilities() noexcept;

/// What `--cap-add`, `--cap-drop` and `--privileged` leave. As with
/// Docker, their order does not matter: what is added wins over what is
/// dropped, and only from `ALL` something can be taken away again.
[[nodiscard]] CapabilitySet wanted_capabilities(const Spec& spec);

/// What this process itself may use. @man{capget,2}
[[nodiscard]] CapabilitySet held_capabilities();

/// What of `wanted` a container can be given that gets its powers from
/// one that holds `held`. The default and `ALL` mean "what there is";
/// a capability that was asked for by name must be there.
/// @throws Failure that names what is missing
[[nodiscard]] CapabilitySet granted_capabilities(const Spec& spec,
                                                 CapabilitySet held);

/// `cap_chown,cap_kill`: as setpriv(1) and capsh(1) write them.
[[nodiscard]] std::string capability_names(CapabilitySet set);

/// Takes everything but `keep` out of the bounding set. Needs
/// CAP_SETPCAP, so it comes before the other sets are lowered.
void drop_bounding_capabilities(CapabilitySet keep);

/// Makes `set` the permitted and the effective set, and empties the
/// inheritable one; the kernel keeps the ambient set within both, so
/// that one is empty as well. @man{capset,2}
void set_capabilities(CapabilitySet set);

}  // namespace dockwright
