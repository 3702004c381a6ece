#pragma once
// `build -`: standard input is the whole build. It is an archive, plain
// or packed, with a Dockerfile and its context in it; or a Dockerfile
// that came alone and has no context. The first bytes tell.

#include <optional>
#include <string>

#include "chapters/11-dockerfile/copy/context.hpp"

namespace dockwright {

struct StandardInput {
  Context context;
  std::optional<std::string> dockerfile{};  ///< That came alone.
};

/// @throws Failure for an archive that is damaged or hostile, and for a
/// Dockerfile of more than a mebibyte
[[nodiscard]] StandardInput read_standard_input(
    const Store& store, UniqueFd input, const ArchiveLimits& limits);

}  // namespace dockwright
