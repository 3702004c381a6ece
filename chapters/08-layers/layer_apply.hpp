#pragma once
// A layer's archive becomes a directory. Whoever made the archive may
// want to write elsewhere, so three rules hold for every entry:
//
//   * no path is ever a string that we hand to the kernel whole: each
//     is opened below the layer's root, one component after the other,
//     or by openat2 where a link is on the way (CVE-2021-30465's race,
//     and containerd's table of breakouts);
//   * what is made, is made new (O_EXCL, O_NOFOLLOW): what stands in
//     its place is removed first, so nothing is written through a link;
//   * rights come last: owner, then mode, then attributes, then times;
//     a directory's when nothing more is to be put into it.
//
// Each layer is unpacked by itself, and knows nothing of those below.
// Its whiteouts therefore stay, in the form that overlay reads.
//
// Three threads share the work, and each byte is hashed once:
//
//     this thread: read -> hash -> inflate -+-> hash
//                                           +-> parse -> write files

#include <cstdint>
#include <memory>

#include "chapters/08-layers/archive_limits.hpp"
#include "chapters/08-layers/stream.hpp"
#include "chapters/08-layers/whiteouts.hpp"
#include "common/digest.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

struct ApplyOptions {
  Whiteouts whiteouts = Whiteouts::trusted;
  ArchiveLimits limits{};
  /// Give each file to its owner. Without it all belong to us: there is
  /// one user only.
  bool owners = true;
  /// What is unpacked is no layer but files that go straight into a
  /// root (ADD, chapter 11): nothing below it is to be hidden, and names
  /// that would do so are refused.
  bool layer = true;
  /// What it hides was removed already (--squash, chapter 12): with
  /// `layer` false, such names are not refused but passed over.
  bool pass_over_whiteouts = false;
};

/// What an archive was, once it is unpacked.
struct AppliedLayer {
  Digest diff_id;                   ///< Of the plain archive.
  Digest blob_digest;               ///< Of the archive as it came.
  std::uint64_t blob_bytes = 0;     ///< Its size as it came.
  std::uint64_t bytes = 0;          ///< Its size when plain.
  std::uint64_t content_bytes = 0;  ///< All its files' sizes.
  std::uint64_t entries = 0;
};

/// Unpacks an archive (tar, plain or compressed) below the open, empty
/// directory `into`, and reads it to its end. Give that directory the
/// mode 0755: most layers say nothing of it, and a container's / has
/// the mode of its topmost layer. On an error the directory
/// is left as it then is: whoever made it removes it. Nothing is synced
/// to the disk: one syncfs by the caller serves all layers.
/// @throws Failure SystemCallError
[[nodiscard]] AppliedLayer apply_layer(std::unique_ptr<Source> archive,
                                       const UniqueFd& into,
                                       const ApplyOptions& options);

}  // namespace dockwright
