#pragma once
// The file systems that a program expects and that are no files: /proc,
// /sys and a minimal /dev. Each is made detached, with its flags set
// before anybody can see it, and attached to a directory that the
// kernel finds inside the new root.

#include <functional>

#include "common/unique_fd.hpp"

namespace dockwright {

/// A device of /dev: its name and the kernel's two numbers for it.
struct DeviceNode {
  const char* name;
  unsigned major;
  unsigned minor;
};

/// Makes the node of a device in an open /dev. Needs CAP_MKNOD.
void make_device(const UniqueFd& dev, const DeviceNode& device);

/// How a /dev is furnished.
struct DevOptions {
  std::function<void(const UniqueFd&, const DeviceNode&)> put =
      make_device;
  bool tty_group = true;  ///< Terminals belong to group 5, `tty`.
};

/// Opens the directory `path` in `root`, which is made if it is not
/// there; a link or a file is refused. @cve{2019-19921}
[[nodiscard]] UniqueFd real_directory(const UniqueFd& root,
                                      const char* path);

/// Mounts a new /proc (nosuid, nodev, noexec). In the new PID
/// namespace.
void mount_proc_in(const UniqueFd& root);

/// Mounts /sys, read-only: it shows the machine's devices, and they are
/// not the container's to change.
void mount_sys_in(const UniqueFd& root);

/// Mounts a /dev with what POSIX and Docker promise and nothing else:
/// null, zero, full, random, urandom, tty, pts, ptmx, shm, mqueue, and
/// the links fd, stdin, stdout, stderr.
void mount_dev_in(const UniqueFd& root, const DevOptions& options = {});

}  // namespace dockwright
