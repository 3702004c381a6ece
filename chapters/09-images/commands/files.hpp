#pragma once
// Files that commands read and write: `-` and no name at all are
// standard input and output.

#include <functional>
#include <string>

#include "chapters/08-layers/stream.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

struct InputFile {
  UniqueFd file{};
  std::string name{};  ///< What messages call it.
};

/// Opens a file to be read.
[[nodiscard]] InputFile open_input(const std::string& path);

/// Calls `body` with where it is to write: a file that appears when all
/// is written, or standard output, if that is no terminal.
/// @throws Failure
void write_output(const std::string& path,
                  const std::function<void(Sink& to)>& body);

}  // namespace dockwright
