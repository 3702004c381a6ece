#pragma once
// The upper directory of an overlay is the difference: what a container
// changed, and nothing else. So a layer is made without comparing
// anything. What is in overlay's language becomes what all understand
// (see whiteouts.hpp), and the rest is packed as it is:
//
//     diff/etc/motd     a file           etc/motd
//     diff/bin/sl       a device 0:0     bin/.wh.sl
//     diff/srv          opaque           srv/, srv/.wh..wh..opq
//
// The same directory gives the same archive, on any day, in any order
// of creation, on any file system.

#include <cstdint>
#include <optional>

#include "chapters/08-layers/stream.hpp"
#include "chapters/08-layers/whiteouts.hpp"
#include "common/digest.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

struct DiffOptions {
  Whiteouts whiteouts = Whiteouts::trusted;
  /// No file is younger than that, in seconds since 1970
  /// (SOURCE_DATE_EPOCH).
  std::optional<std::int64_t> latest_time{};
  /// It is a root file system and not an upper directory: devices are
  /// devices, and nothing is hidden.
  bool whole_tree = false;
};

/// A layer that was written.
struct WrittenLayer {
  Digest diff_id;           ///< Of the plain archive.
  std::uint64_t bytes = 0;  ///< Its size.
  std::uint64_t entries = 0;
  std::uint64_t content_bytes = 0;  ///< Of the files in it.
  std::int64_t newest = 0;          ///< The time of its youngest entry.
  /// Unpacked it is what the directory is: no socket was left out, and
  /// no time made earlier.
  bool faithful = true;
};

/// Writes what is in `upper` (but not `upper` itself) as a tar archive.
/// Sockets are left out: they mean nothing without their process.
/// @throws Failure SystemCallError when something cannot be said in an
/// archive, or changes while it is read
[[nodiscard]] WrittenLayer write_layer(const UniqueFd& upper, Sink& to,
                                       const DiffOptions& options = {});

}  // namespace dockwright
