#pragma once
// The instructions that change no file: they say how the image is run,
// and what is true for the steps that follow. Each adds a line to the
// history, in the words that BuildKit has for it.

#include "chapters/11-dockerfile/arguments.hpp"
#include "chapters/11-dockerfile/image_state.hpp"
#include "chapters/11-dockerfile/syntax/instruction.hpp"

namespace dockwright {

/// Does what an instruction says that changes the config alone, and
/// notes it. False for one that is not of this kind: RUN, COPY, ADD,
/// WORKDIR, FROM. @throws Failure
[[nodiscard]] bool change_config(ImageState& state,
                                 const Instruction& instruction,
                                 const BuildArguments& arguments,
                                 char escape);

/// WORKDIR: where the steps that follow begin. The directory is made
/// elsewhere, and the history waits for that. @throws Failure
void change_workdir(ImageState& state, const Instruction& instruction,
                    char escape);

/// CMD's and ENTRYPOINT's words: a list as it is, a line for the shell.
[[nodiscard]] std::vector<std::string> command_of(
    const ImageState& state, const Instruction& instruction);

/// `"a" "b"`, as Go writes text in quotes.
[[nodiscard]] std::string in_quotes(const std::string& text);

}  // namespace dockwright
