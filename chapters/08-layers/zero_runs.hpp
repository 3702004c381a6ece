#pragma once
// Holes. A file may be a terabyte long and hold three pages; an archive
// should not be a terabyte. But where the holes lie depends on the file
// system and on how the file was written, and the same contents must
// give the same archive. So a hole is what is zero for a megabyte or
// more, whether the disk has saved it or not.

#include <vector>

#include "chapters/08-layers/archive_writer.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

/// Shorter runs of zeroes are data.
constexpr std::uint64_t kShortestHole = 1U << 20U;

/// What of an open file of `size` bytes is no hole; empty when it has
/// none. @throws SystemCallError
[[nodiscard]] std::vector<DataRun> find_data(const UniqueFd& file,
                                             std::uint64_t size);

}  // namespace dockwright
