#pragma once
// A blob on its way to a registry. What is there already is not sent;
// what another of its repositories has is only given another name
// ("mounted"). The rest is sent in one piece, or, when it is large, in
// chunks, so that a line that breaks does not cost all of it:
//
//     POST  /v2/NAME/blobs/uploads/    202, Location: where to
//     PATCH Location                   202, Location, Range: 0-N
//     PUT   Location&digest=…          201

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "chapters/10-registry/client/repository.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

struct UploadOptions {
  /// A blob that is larger is sent in chunks of this size.
  std::uint64_t chunk_bytes = 32U << 20;
  /// Other repositories of the registry that may have it.
  std::vector<std::string> elsewhere{};
  /// Told how far it is.
  std::function<void(std::uint64_t done)> moved{};
};

/// What it took.
struct Uploaded {
  enum class How { was_there, mounted, sent } how = How::sent;
  std::string from{};  ///< The repository, when it was mounted.
};

/// Sends `blob`, whose bytes are in `file`. @throws Failure
Uploaded upload_blob(Repository& repository, const Descriptor& blob,
                     const UniqueFd& file,
                     const UploadOptions& options);

/// How many bytes a registry has, by its `Range: 0-N`; nothing when
/// that is no range.
[[nodiscard]] std::optional<std::uint64_t> received_bytes(
    std::string_view header);

}  // namespace dockwright
