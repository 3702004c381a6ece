#pragma once
// Places to mount on, in a root that lacks them. A step needs /proc, and
// /etc/resolv.conf, and what its `--mount` names; whatever is made for
// that in its upper directory would be part of the image. So it is made
// in a layer of its own, which lies under the step's upper directory
// and is thrown away:
//
//     upper    app/made-by-the-step               becomes the layer
//     points   proc/  etc/resolv.conf  cache/     thrown away
//     layers   bin/  etc/  …
//
// Nothing has to be taken away again, also when somebody is killed.

#include <string>
#include <vector>

#include "common/open_in_root.hpp"
#include "common/spec.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

struct MountPoint {
  std::string target{};  ///< Absolute, as the container sees it.
  FileKind kind = FileKind::directory;
};

/// Makes what `root`, the layers so far, lacks of `wanted`, in the
/// empty directory `points`. Links are followed by the kernel, inside
/// `root`. Directories of both look the same in both.
/// @throws SystemCallError
void make_mount_points(const UniqueFd& root, const UniqueFd& points,
                       const std::vector<MountPoint>& wanted);

/// What every container needs: /proc, /sys and /dev.
[[nodiscard]] std::vector<MountPoint> usual_mount_points();

}  // namespace dockwright
