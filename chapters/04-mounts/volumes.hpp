#pragma once
// Volumes: directories and files of the host, or of memory, that appear
// in the container. The source is opened and copied as a detached mount
// *before* the container exists; the target is found by the kernel
// inside the new root. In between there is no path that anybody could
// swap (CVE-2018-15664, CVE-2021-30465).

#include <string>
#include <vector>

#include "common/spec.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

/// Reads Docker's `-v SOURCE:TARGET[:ro|rw]`. @throws Failure with what
/// is wrong, in Docker's terms
[[nodiscard]] MountSpec parse_volume(const std::string& text);

/// Reads Docker's `--mount type=bind,source=…,target=…[,readonly]` and
/// `type=tmpfs,target=…[,tmpfs-size=…,tmpfs-mode=…]`.
/// @throws Failure
[[nodiscard]] MountSpec parse_mount(const std::string& text);

/// Reads Docker's `--tmpfs TARGET[:size=64m,mode=1777]`. @throws
/// Failure
[[nodiscard]] MountSpec parse_tmpfs(const std::string& text);

/// A volume that is ready to be attached.
struct Volume {
  UniqueFd
      mount{};  ///< Detached; empty for a tmpfs, which is made inside.
  bool directory = true;  ///< Whether the target must be a directory.
  MountSpec spec{};
};

/// Opens the sources of bind mounts, in the mount namespace of the
/// host; parents before what lies below them.
/// @throws SystemCallError
[[nodiscard]] std::vector<Volume> open_volumes(const Spec& spec);

/// Attaches them at their targets inside `root`, in the mount namespace
/// of the container; a target that is missing is made. @cve{2021-30465}
/// @throws SystemCallError
void attach_volumes(const UniqueFd& root,
                    const std::vector<Volume>& volumes);

}  // namespace dockwright
