#pragma once
// Overlay: one tree that is several directories, one upon the other.
//
//     merged   bin  etc/{motd',passwd}  new      what a process sees
//       upper       etc/ motd'   (x bin/sl)  new     written here
//       lower  bin  etc/{motd, passwd}               never written
//
// Whoever looks for a file gets the topmost one. Whoever writes to a
// file of a lower layer gets it copied up first, whole. Whoever removes
// one leaves a mark in the upper directory that hides it, a whiteout.
// The lower directories stay as they are, so that fifty containers can
// stand on one copy.
//
// An option of mount is 255 bytes long, and all of them together at
// most a page: paths of layers soon fill that. Since Linux 6.5 they are
// given one by one (`lowerdir+`). Before, a name must be short, and
// the shortest one of an open directory is its number in /proc/self/fd.
// It cannot be swapped for another either, nor does a colon or comma in
// a directory's name cut it in two.

#include <string>
#include <vector>

#include "common/unique_fd.hpp"

namespace dockwright {

/// An open directory with files, as overlay and we want them.
struct Layer {
  UniqueFd directory{};
  std::string name{};  ///< What messages call it: its path.
};

/// What an overlay is made of.
struct Overlay {
  std::vector<Layer> lower{};  ///< The topmost first.
  Layer upper{};  ///< Without one the whole cannot be written.
  Layer work{};   ///< Empty, beside `upper`: files become whole here.
};

/// How the kernel is told the names of the lower layers.
enum class LayerNames {
  automatic,   ///< As it understands them.
  one_string,  ///< As kernels before 6.5 do.
};

struct OverlayOptions {
  /// Marks are in `user.overlay.…`, which needs no power over the
  /// machine, rather than in `trusted.overlay.…`.
  bool user_xattrs = false;
  LayerNames names = LayerNames::automatic;
  /// Nobody looks at the changes afterwards: the kernel need not wait
  /// for a disk to have them when the mount goes. @kernel{5.10}
  bool fleeting = false;
};

/// A detached overlay mount. The directories must be in the mount
/// namespace that we are in, and it must be our own: an older kernel
/// needs to attach the mount somewhere for a moment. @kernel{5.12}
/// @throws SystemCallError with the kernel's own words, or Failure
/// where we know why
[[nodiscard]] UniqueFd mount_overlay(
    const Overlay& overlay, const OverlayOptions& options = {});

}  // namespace dockwright
