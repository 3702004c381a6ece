#pragma once
// The text behind a keyword and its flags, taken apart as that
// instruction has it, and checked: how many arguments there must be,
// which form they have, what a name may look like.

#include "chapters/11-dockerfile/syntax/instruction.hpp"

namespace dockwright {

/// Fills in `words`, `pairs`, `json` and `old_form` from `rest`.
/// @throws Failure in BuildKit's words
void read_arguments(Instruction& instruction, char escape);

/// @throws Failure for a flag that is unknown, given twice, or has a
/// value where it takes none, or the reverse
void check_flags(const Instruction& instruction);

}  // namespace dockwright
