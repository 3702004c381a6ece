#pragma once

#include <string>
#include <string_view>

#include "common/json.hpp"

namespace dockwright {

/// As JsonDocument, but its error does not quote the text: a password or
/// a token may stand there. @throws Failure
[[nodiscard]] JsonDocument read_secret(const std::string& name,
                                       std::string_view text,
                                       const JsonLimits& limits);

}  // namespace dockwright
