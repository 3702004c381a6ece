#pragma once
// Where a server is reached.

#include <cstdint>
#include <string>

#include "common/unique_fd.hpp"

namespace dockwright::http {

/// A socket that listens at an address (`127.0.0.1`, `::1`, `0.0.0.0`;
/// no name: what a name means is for others to say, and may change) and
/// a port; 0 is any that is free. @throws Failure, SystemCallError
[[nodiscard]] UniqueFd listen_at(const std::string& address,
                                 std::uint16_t port);

/// The port at which a socket listens.
[[nodiscard]] std::uint16_t port_of(const UniqueFd& socket);

/// Whether only this machine can reach the address.
[[nodiscard]] bool is_loopback(const std::string& address);

}  // namespace dockwright::http
