#pragma once
// The file systems that a program expects and that are no files: /proc,
// /sys and a minimal /dev. Each is made detached, with its flags set
// before anybody can see it, and attached to a directory that the
// kernel finds inside the new root.

#include "common/unique_fd.hpp"

namespace dockwright {

/// Mounts a new /proc (nosuid, nodev, noexec). In the new PID
/// namespace.
void mount_proc_in(const UniqueFd& root);

/// Mounts /sys, read-only: it shows the machine's devices, and they are
/// not the container's to change.
void mount_sys_in(const UniqueFd& root);

/// Mounts a /dev with what POSIX and Docker promise and nothing else:
/// null, zero, full, random, urandom, tty, pts, ptmx, shm, mqueue, and
/// the links fd, stdin, stdout, stderr.
void mount_dev_in(const UniqueFd& root);

}  // namespace dockwright
