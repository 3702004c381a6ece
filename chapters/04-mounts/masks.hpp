#pragma once
// What of /proc and /sys a container must not read or write. They are
// windows into the one kernel that all share: /proc/kcore is its
// memory, /proc/sysrq-trigger restarts the machine,
// /proc/sys/kernel/core_pattern names a program that the kernel runs
// outside any container (CVE-2022-0811).

#include <span>
#include <string_view>

#include "common/unique_fd.hpp"

namespace dockwright {

/// Paths that must look empty, as Docker masks them.
[[nodiscard]] std::span<const std::string_view> masked_paths() noexcept;

/// Paths that may be read and not written.
[[nodiscard]] std::span<const std::string_view>
read_only_paths() noexcept;

/// Hides the masked paths (a file below /dev/null, a directory below an
/// empty read-only tmpfs) and makes the read-only ones so. A path that
/// this kernel does not have is passed over; one that cannot be
/// protected is an error.
/// @cve{2025-31133} what is laid over a file is checked to be the null
/// device first
void mask_paths(const UniqueFd& root);

}  // namespace dockwright
