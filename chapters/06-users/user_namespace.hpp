#pragma once
// A user namespace: a process in it may be root, and have all
// capabilities, over what the namespace owns, while outside it is the
// user that it was. It is the one namespace that needs no privilege to
// make, and the key to the others.
//
// There are two ways in. Without root the *stage itself* goes in first,
// with a mount namespace of its own; everything after that is done by
// root of that namespace, and is the story of the chapters before.
// With root the stage stays outside and only the container goes in:
//
//     stage (root)                     container (in a new namespace)
//       |                                |   is nobody yet: no map
//       | -- writes uid_map, gid_map ->  |
//       | -- maps the files' owners -->  |   mounts that both hold
//       | --------- one byte --------->  |   becomes root inside

#include "chapters/04-mounts/volumes.hpp"
#include "chapters/06-users/ids.hpp"
#include "common/pipe.hpp"
#include "common/process.hpp"

namespace dockwright {

/// Whether newuidmap and newgidmap are installed.
[[nodiscard]] bool have_map_helpers() noexcept;

/// Without root: moves this process into a user namespace with these
/// maps, and into a mount namespace that belongs to it. Nothing happens
/// for other maps. @man{user_namespaces,7} @throws Failure that names
/// the obstacle and its cure
void enter_user_namespace(const IdMaps& maps);

/// With root: gives a container's new user namespace its maps.
class ContainerMaps {
 public:
  explicit ContainerMaps(const IdMaps& maps);
  /// CLONE_NEWUSER if the container is to have one of its own, else 0.
  [[nodiscard]] std::uint64_t clone_flag() const noexcept;
  /// In the container: waits for its maps, and becomes root.
  /// @throws Failure when the stage ended before it wrote them
  void await();
  /// In the stage: writes them, lets the files of `root` and `volumes`
  /// belong to whom they name, and lets the container go on. An empty
  /// `root` is one whose files do so already.
  void apply(const Process& container, const UniqueFd& root,
             const std::vector<Volume>& volumes);

 private:
  [[nodiscard]] bool are_ours() const noexcept {
    return maps_.way == IdMaps::Way::parent;
  }
  const IdMaps& maps_;
  Pipe ready_{};
};

}  // namespace dockwright
