#pragma once
// The zstd format (RFC 8878), by its own library.

#include <memory>

#include "chapters/08-layers/stream.hpp"

namespace dockwright {

/// The plain bytes of one or more frames of zstd. @throws Failure from
/// `next` when they are damaged, truncated, or followed by anything
/// else
[[nodiscard]] std::unique_ptr<Source> unzstd(
    std::unique_ptr<Source> from);

/// Packs what is written to it into one frame, with a checksum.
[[nodiscard]] std::unique_ptr<Sink> zstded(Sink& to, int level);

}  // namespace dockwright
