#pragma once
// Files of an image have many owners, and only root may give files
// away. Without root there is root of a user namespace, who may give
// them to the numbers that /etc/subuid sets aside for us (chapter 6).

#include <functional>
#include <string>

#include "common/unique_fd.hpp"

namespace dockwright {

/// Runs `body` as root of a user namespace, in a child, and waits for
/// it; as root, here or in a namespace, it simply runs. What it throws
/// comes here; what it changes in memory does not. A process that has
/// several threads must be root already.
void as_root_of_user_namespace(const std::function<void()>& body);

/// As above, and in a child also as root: threads that `body` starts
/// never were ours, so we may go on to start a container (process.hpp).
void apart_as_root(const std::function<void()>& body);

/// The same for the whole process from here on: before its first
/// thread. Nothing happens when it is root already.
void become_root_of_user_namespace();

/// Over whom we are root.
enum class Root {
  nobody,      ///< We are not.
  of_one,      ///< Of a namespace that has one user, us.
  of_many,     ///< Of a namespace with users of its own.
  of_machine,  ///< The real one.
};
[[nodiscard]] Root root_of();

/// Removes a tree of the store, whoever owns what is in it.
void remove_any_tree(const UniqueFd& directory,
                     const std::string& name);

}  // namespace dockwright
