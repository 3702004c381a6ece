#pragma once

#include <string_view>

namespace dockwright {

/// Writes all of it to standard output; nobody there to read it is no
/// error.
void print(std::string_view text);

}  // namespace dockwright
