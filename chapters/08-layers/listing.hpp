#pragma once
// What is in a directory and what a file has, in an order that never
// changes: two readers of the same thing must say the same.

#include <string>
#include <utility>
#include <vector>

#include "common/unique_fd.hpp"

namespace dockwright {

/// Extended attributes, by name.
using Attributes = std::vector<std::pair<std::string, std::string>>;

/// The names in an open directory, sorted by their bytes; `path` is
/// what messages call it. @throws SystemCallError
[[nodiscard]] std::vector<std::string> sorted_names(
    const UniqueFd& directory, const std::string& path);

/// All attributes of an open file, sorted. @throws SystemCallError
[[nodiscard]] Attributes read_attributes(const UniqueFd& file,
                                         const std::string& path);

}  // namespace dockwright
