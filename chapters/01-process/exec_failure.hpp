#pragma once
// Why a program could not be executed. The kernel has one word for
// several stories: ENOENT may mean that the program is missing, or its
// loader, or the interpreter of a script. Here the file is read to tell
// which.

#include <string>

namespace dockwright {

/// The story behind `execve(program)` failing with `error`, for example
/// "its loader /lib64/… is not in this root".
[[nodiscard]] std::string exec_failure_story(const std::string& program,
                                             int error);

/// Throws a Failure with that story and Docker's exit code: 127 when
/// something is not there, 126 otherwise. To be called while the
/// SystemCallError is being handled: it becomes the next step of the
/// staircase.
[[noreturn]] void throw_exec_failure(const std::string& program,
                                     int error);

}  // namespace dockwright
