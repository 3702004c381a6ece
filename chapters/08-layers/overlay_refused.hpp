#pragma once

#include "chapters/08-layers/overlay.hpp"
#include "common/check.hpp"

namespace dockwright {

/// Refuses an upper directory inside of a layer, which would then change
/// after all. The kernel lets it pass. @throws Failure
void expect_apart(const Layer& upper, const std::vector<Layer>& layers);

/// Says why the kernel refused an overlay, where its directories tell:
/// one that is named twice or lies in another, a file system that
/// cannot be an upper one. Asked only when it has failed, so that a
/// start that goes well does not pay for it.
/// @throws Failure, or `error` as it is
[[noreturn]] void throw_refused_overlay(const Overlay& overlay,
                                        const SystemCallError& error);

}  // namespace dockwright
