#pragma once
// COPY and ADD, from their words to what is asked of the copying.

#include "chapters/11-dockerfile/copy/copy.hpp"
#include "chapters/11-dockerfile/image_state.hpp"
#include "chapters/11-dockerfile/syntax/flags.hpp"
#include "chapters/11-dockerfile/syntax/instruction.hpp"

namespace dockwright {

/// `flags`: expanded. @throws Failure
[[nodiscard]] CopyRequest copy_request_of(
    const ImageState& state, const Instruction& instruction,
    const CopyFlags& flags, char escape);

/// `COPY --chown=1 a b /to/ # buildkit`: how the history tells it.
[[nodiscard]] std::string copy_history(const Instruction& instruction,
                                       const CopyFlags& flags,
                                       const CopyRequest& request);

}  // namespace dockwright
