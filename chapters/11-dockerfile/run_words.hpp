#pragma once
// What RUN runs. In the shell form the line is the shell's: variables
// and heredocs are its affair, and it is handed both as they stand. A
// heredoc that is all of the line is a script: for the shell, or for
// the program that its first line names.
//
//     RUN make                    /bin/sh -c "make"
//     RUN ["make"]                make
//     RUN <<END                   /bin/sh -c "the lines down to END"
//     RUN <<END, #!/usr/bin/perl  a file of these lines, executed
//     RUN perl <<END              /bin/sh -c "perl <<END … END"

#include "chapters/11-dockerfile/arguments.hpp"
#include "chapters/11-dockerfile/steps.hpp"
#include "chapters/11-dockerfile/syntax/instruction.hpp"

namespace dockwright {

/// The step that the instruction asks for, mounts and flags aside.
[[nodiscard]] RunStep run_step_of(const ImageState& state,
                                  const Instruction& instruction,
                                  const BuildArguments& arguments);

/// `RUN |1 A=b /bin/sh -c make # buildkit`: how the history tells it.
[[nodiscard]] std::string run_history(const ImageState& state,
                                      const RunStep& step);

}  // namespace dockwright
