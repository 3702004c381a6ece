#pragma once
// Why a program could not be executed. The kernel has one word for
// several stories: ENOENT may mean that the program is missing, or its
// loader, or the interpreter of a script. Here the file is read to tell
// which.

#include <string>

#include "common/check.hpp"
#include "common/spec.hpp"

namespace dockwright {

/// What happened, in a sentence, and what to do about it. No advice
/// where the story is not known: the table of causes has a general one.
struct ExecStory {
  std::string what{};
  Advice advice{};
};

/// The story behind `execve(program)` failing with `error`, for example
/// "it needs the loader /lib64/…, which is not in this root file
/// system". Whether there is such a thing says `spec`.
[[nodiscard]] ExecStory exec_failure_story(const std::string& program,
                                           int error, const Spec& spec);

/// Throws a Failure with that story and Docker's exit code: 127 when
/// something is not there, 126 otherwise. To be called while the
/// SystemCallError is being handled: it becomes the next step of the
/// staircase.
[[noreturn]] void throw_exec_failure(const std::string& program,
                                     int error, const Spec& spec);

}  // namespace dockwright
