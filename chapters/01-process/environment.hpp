#pragma once
// The environment of a container. What our caller has in its
// environment is nobody's business inside: tokens, proxies, an SSH
// agent. So a container begins with four variables and what `-e` asked
// for, and nothing else.

#include <string>
#include <string_view>
#include <vector>

#include "common/spec.hpp"

namespace dockwright {

/// Reads one `-e`: `NAME=value`, or `NAME` alone for the value that our
/// caller has.
/// @throws Failure when the name is empty, or the caller has no such
/// variable
[[nodiscard]] std::string parse_environment_entry(
    const std::string& text);

/// PATH, HOSTNAME, TERM and HOME, and what `-e` asked for; the last
/// entry of a name wins. Called in the child, where the host name is
/// the container's own.
[[nodiscard]] std::vector<std::string> clean_environment(
    const Spec& spec);

/// The value of `name` in `environment`; empty when it is not there.
[[nodiscard]] std::string_view environment_value(
    const std::vector<std::string>& environment, std::string_view name);

}  // namespace dockwright
