#pragma once
// Where a container's files come from: directories that somebody named,
// as before, or an image. An image is found in the store, its layers are
// unpacked if nobody has done so, and what it says about how it is run
// completes what was asked for. What the container changes goes to a
// directory of its own in the store, and away with it.

#include <optional>
#include <string>
#include <vector>

#include "chapters/06-users/ids.hpp"
#include "chapters/08-layers/layered_root.hpp"
#include "chapters/09-images/running.hpp"
#include "common/spec.hpp"

namespace dockwright {

struct Origin {
  Spec spec{};                  ///< Complete.
  std::vector<Layer> layers{};  ///< The lowest first.
  /// What keeps the layers and the changes: only with an image.
  std::optional<RunningContainer> container{};
  std::optional<Digest> image{};       ///< Its manifest's or index's.
  std::vector<std::string> volumes{};  ///< Declared, and not yet there.
  Keep keep = Keep::yes;               ///< The changes, or not.
};

/// Finds what `asked` names; images are in the store at `store_root`.
/// Comes after `take_own_mounts`.
/// @throws Failure where there is no such image, in Docker's words
[[nodiscard]] Origin find_origin(const Spec& asked,
                                 const std::string& store_root);

/// Opens and locks the place of changes (`open_upper`), and notes there
/// to which image they are. @throws Failure where it holds changes to
/// another one
[[nodiscard]] Layer take_upper(const Origin& origin);

/// Makes the volumes that the image declares: each a fresh directory,
/// filled with what `root` has in its place.
void make_volumes(Origin& origin, const UniqueFd& root,
                  const IdMaps& maps);

/// Makes the directory to work in, where an image names one that it
/// does not hold.
void make_workdir(const Origin& origin, const UniqueFd& root);

}  // namespace dockwright
