#pragma once
// A container's path is resolved by the kernel, inside a root. Checking a path first and opening it later
// loses the race against whoever swaps a directory for a link in between (CVE-2021-30465); openat2 does both
// at once.

#include <sys/types.h>

#include <filesystem>
#include <optional>

#include "common/unique_fd.hpp"

namespace dockwright {

/// Opens `path` as a process would see it whose root is `root`: `..` and absolute links stay inside, magic
/// links are refused. Close-on-exec always. @kernel{5.6} @man{openat2,2} @cve{2021-30465} @throws
/// SystemCallError
[[nodiscard]] UniqueFd open_in_root(const UniqueFd& root, const std::filesystem::path& path, int flags);

/// As `open_in_root`, but an absent file (ENOENT) is an answer rather than an error.
[[nodiscard]] std::optional<UniqueFd> try_open_in_root(const UniqueFd& root,
                                                       const std::filesystem::path& path, int flags);

/// What stands at the end of a path.
enum class FileKind { directory, file };

/// Opens the place `path` in `root` to mount something on, and makes what is missing of it: directories with
/// mode 0755, and an empty file at the end when `kind` says so. Nothing is ever made outside `root`, whoever
/// renames what meanwhile.
/// @throws SystemCallError
[[nodiscard]] UniqueFd make_in_root(const UniqueFd& root, const std::filesystem::path& path, FileKind kind);

}  // namespace dockwright
