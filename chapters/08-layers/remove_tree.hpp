#pragma once
// Removing what may be hostile: by open directories, never by a path
// that somebody could bend meanwhile, and never through a link.

#include <string>

#include "common/unique_fd.hpp"

namespace dockwright {

/// Removes `name` below an open directory, with all that is in it; it
/// is no error if there is none. A mount below is never crossed: it is
/// EBUSY. @man{unlinkat,2} @throws SystemCallError
void remove_tree(const UniqueFd& directory, const std::string& name);

}  // namespace dockwright
