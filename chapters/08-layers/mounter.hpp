#pragma once

#include "chapters/06-users/ids.hpp"
#include "chapters/08-layers/upper.hpp"

namespace dockwright {

/// Who mounts an overlay: the kernel notes it, and works in the layers
/// in that one's name for as long as the overlay lives. Where the
/// owners of files are mapped, user 0 of the host stands in no row, and
/// could make no file in there. So for the moment of mounting we are
/// the container's root as far as files are concerned, and keep our
/// power. Nothing happens where owners are not mapped.
/// @man{setfsuid,2}
class Mounter {
 public:
  explicit Mounter(const IdMaps& maps);
  Mounter(Mounter&&) = delete;
  ~Mounter();

 private:
  bool changed_ = false;
};

/// Who the container's root is outside.
[[nodiscard]] Owner root_outside(const IdMaps& maps) noexcept;

}  // namespace dockwright
