#pragma once
// Where in a Dockerfile it went wrong, as Docker shows it:
//
//     Dockerfile:3
//     --------------------
//        1 |     FROM busybox
//        2 |
//        3 | >>> RUN false
//     --------------------

#include <string>
#include <vector>

namespace dockwright {

/// Lines of a Dockerfile, counted from 1, both ends among them.
struct FailingLines {
  int first = 0;
  int last = 0;
};

/// The lines of `file` that failed, with a few around them; nothing
/// where `file` has no such lines. No newline at the end.
[[nodiscard]] std::string show_failing_lines(
    const std::string& name, const std::vector<std::string>& file,
    const FailingLines& failing);

}  // namespace dockwright
