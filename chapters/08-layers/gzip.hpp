#pragma once
// The gzip format (RFC 1952), by zlib.

#include <memory>

#include "chapters/08-layers/stream.hpp"

namespace dockwright {

/// The plain bytes of one or more members of gzip. @throws Failure from
/// `next` when they are damaged, truncated, or followed by anything
/// else
[[nodiscard]] std::unique_ptr<Source> gunzipped(
    std::unique_ptr<Source> from);

/// Packs what is written to it into one member, without name and time.
[[nodiscard]] std::unique_ptr<Sink> gzipped(Sink& to, int level);

}  // namespace dockwright
