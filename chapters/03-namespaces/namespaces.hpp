#pragma once
// A namespace is one table of the kernel's that a process can have to
// itself: host name, process numbers, IPC objects, network. clone3
// makes new ones together with the child that is to live in them.
// @man{namespaces,7}

#include <cstdint>

#include "common/spec.hpp"

namespace dockwright {

/// CLONE_NEWNET when the container is to have a network of its own
/// (with nothing in it, until chapter 14), else 0.
[[nodiscard]] std::uint64_t network_namespace(
    NetworkMode mode) noexcept;

/// Mounts /proc, so that ps and its like see the processes of the new
/// PID namespace. By path, in the mount namespace of the host:
/// everybody sees this mount, and it stays. Chapter 4 mends that.
/// @man{proc,5} @throws SystemCallError
void mount_proc();

}  // namespace dockwright
