#pragma once
// What a build begins with: the Dockerfile, and the context that COPY
// takes files from.

#include "chapters/11-dockerfile/build_spec.hpp"
#include "chapters/11-dockerfile/copy/context.hpp"
#include "chapters/11-dockerfile/syntax/instruction.hpp"

namespace dockwright {

struct BuildSource {
  Context context;
  std::string text{};  ///< Of the Dockerfile.
  std::string name{};  ///< As messages call it.
};

/// @throws Failure in Docker's words
[[nodiscard]] BuildSource open_source(const BuildSpec& spec,
                                      const Store& store);

}  // namespace dockwright
