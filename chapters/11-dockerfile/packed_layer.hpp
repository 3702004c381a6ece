#pragma once
// What a step wrote becomes a layer. Its directory is read once, to be
// packed into a blob and hashed on the way; then the directory itself
// is renamed into the store, and nothing is unpacked again. (Where the
// archive says something else than the directory, it is: see
// `WrittenLayer::faithful`.)

#include <string>

#include "chapters/08-layers/whiteouts.hpp"
#include "chapters/11-dockerfile/steps.hpp"

namespace dockwright {

/// Whose attributes overlay reads for whom we are.
[[nodiscard]] Whiteouts own_whiteouts();

/// Makes a layer of `upper`/diff. @pre nothing is mounted there
[[nodiscard]] BuiltLayer pack_layer(const BuildRoom& room,
                                    const UniqueFd& upper);

// A layer as a child's answer.
[[nodiscard]] std::string to_text(const BuiltLayer& layer);
[[nodiscard]] BuiltLayer layer_from(const std::string& text);

}  // namespace dockwright
