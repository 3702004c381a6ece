#pragma once
// One file becomes another, by the shortest way that there is: a shared
// extent where the file system can (reflink), the kernel's own copy
// where it cannot, and for small files one read and one write, which is
// less than either costs to set up.

#include <sys/stat.h>

#include <string>

#include "common/unique_fd.hpp"

namespace dockwright {

/// All of `from`, from its begin, into the new file `to`. Holes stay
/// holes. @throws SystemCallError
void copy_bytes(const UniqueFd& from, const UniqueFd& to,
                const struct stat& status, const std::string& path);

/// Those extended attributes that may be in an image. @throws
/// SystemCallError, Failure
void copy_attributes(const UniqueFd& from, const UniqueFd& to,
                     const std::string& path);

}  // namespace dockwright
