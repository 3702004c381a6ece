#pragma once

#include "common/spec.hpp"

namespace dockwright {

/// Sees to it that the image that is to be run is in the store, as
/// `--pull` wants it: asks its registry, by another program, and waits
/// for that. Comes before we are anybody but the user.
/// @throws Failure when the registry has not given it
void fetch_missing(const Spec& spec, const std::string& store_root);

}  // namespace dockwright
