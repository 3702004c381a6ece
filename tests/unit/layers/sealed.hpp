#pragma once
// Whoever tries what must not work has to expect that it works: when a check is missing, as it is while its
// test is seen red, a hostile archive really writes where it wants to. So it is unpacked where there is
// nothing to be had: in a child whose machine is read-only, but for the room of the test.

#include <filesystem>
#include <functional>
#include <string>

namespace dockwright {

/// Calls `attempt` in a child for which all but `room` is read-only (root), and gives what it returned.
/// Without root it is called here: whoever is not root owns nothing that a test names.
[[nodiscard]] std::string in_read_only_machine(const std::filesystem::path& room,
                                               const std::function<std::string()>& attempt);

}  // namespace dockwright
