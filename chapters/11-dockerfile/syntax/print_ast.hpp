#pragma once
// `build --print ast`: how a Dockerfile was understood.
//
//     3-5  RUN
//          flag     --mount=type=cache,target=/root/.cache
//          shell    "pip3 install -r requirements.txt"

#include <string>

#include "chapters/11-dockerfile/syntax/instruction.hpp"

namespace dockwright {

/// For people.
[[nodiscard]] std::string show_tree(const Dockerfile& file);

/// For programs: one JSON object, indented.
[[nodiscard]] std::string tree_json(const Dockerfile& file);

}  // namespace dockwright
