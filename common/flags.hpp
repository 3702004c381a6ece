#pragma once
// Flags by name. `0x20020000` tells a reader nothing; `CLONE_NEWNS|CLONE_NEWPID` does.

#include <cstdint>
#include <string>
#include <string_view>

namespace dockwright::flags {

/// Names of clone3's flags, joined by `|`; unknown bits as hexadecimal; `0` when there are none.
/// @man{clone3,2}
[[nodiscard]] std::string clone(std::uint64_t flags);
/// Names of mount(2)'s MS_ flags.
[[nodiscard]] std::string mount(std::uint64_t flags);
/// Names of mount_setattr's and fsmount's MOUNT_ATTR_ flags.
[[nodiscard]] std::string mount_attr(std::uint64_t flags);
/// Names of the propagation types MS_PRIVATE, MS_SLAVE, MS_SHARED, MS_UNBINDABLE.
[[nodiscard]] std::string propagation(std::uint64_t flags);
/// Names of open(2)'s O_ flags.
[[nodiscard]] std::string open(std::uint64_t flags);
/// `SIGTERM` for 15; `SIG40` for one without a name of its own.
[[nodiscard]] std::string signal(int number);
/// unshare(1)'s options for clone's namespace flags: `--mount --pid --fork`.
[[nodiscard]] std::string unshare_options(std::uint64_t flags);

}  // namespace dockwright::flags
