#pragma once
// .dockerignore: what of the context is not there for a build. A build
// whose Dockerfile is called NAME looks for NAME.dockerignore first,
// beside it; that one holds instead. A line is a pattern
// (patterns.hpp), or a comment when it begins with `#`.
//
// What is left out can be copied by no way: not by its name, not by a
// wildcard, not through a link. The Dockerfile and .dockerignore can be
// left out, too; the builder reads them all the same, for it does not
// ask.

#include <string>
#include <string_view>
#include <vector>

#include "chapters/11-dockerfile/copy/context.hpp"
#include "chapters/11-dockerfile/copy/patterns.hpp"

namespace dockwright {

/// The patterns of such a file, in order.
[[nodiscard]] std::vector<std::string> parse_ignore(
    std::string_view text);

/// The rules that hold in a context for a Dockerfile; `dockerfile` is
/// its path, in the context or from where we are. Without such a file
/// nothing is left out. @throws Failure for a pattern that is none,
/// with the file and the pattern
[[nodiscard]] PathPatterns read_ignore(const Context& context,
                                       const std::string& dockerfile);

}  // namespace dockwright
