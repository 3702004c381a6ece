#pragma once
// Where the changes of a container go. Docker's overlay2 keeps two
// directories side by side for that, and so do we:
//
//     DIR/diff   what was written, with marks for what was removed
//     DIR/work   overlay's workshop: files become whole there, and are
//                then renamed into their place
//
// DIR is locked while a container has it. The lock is on an open
// directory and not in a file: whatever ends a process takes the lock
// away, and no stale one is left.

#include "chapters/06-users/ids.hpp"
#include "chapters/08-layers/overlay.hpp"
#include "common/spec.hpp"

namespace dockwright {

/// Opens what `--upper` names, makes it if need be, and locks it for as
/// long as the descriptor is open; empty when the changes are not to
/// stay. @throws Failure when another container has it
[[nodiscard]] Layer open_upper(const Spec& spec);

struct Workshop {
  Layer diff{};
  Layer work{};
};

/// Whom a file belongs to.
struct Owner {
  std::uint32_t user = 0;
  std::uint32_t group = 0;
};

/// What messages call the place of changes that are not to stay.
inline constexpr const char* kInMemory = "memory";

/// Who may do what with a directory, as far as its inode says.
struct Access {
  Owner owner{};
  unsigned mode = 0755;
};
[[nodiscard]] Access access_of(const Layer& layer);

/// Makes the two directories in `place`, if need be. What becomes the
/// container's `/` gets `access`, that of the layer below.
void make_workshop(const Layer& place, const Access& access);

[[nodiscard]] Workshop open_workshop(const Layer& place);

/// Which attributes hold overlay's marks in `directory`: root's, or
/// (false) those of a user namespace. @throws Failure when its file
/// system keeps neither: overlay would find out in the middle of a
/// container's life
[[nodiscard]] bool keeps_trusted_marks(const Layer& directory);

}  // namespace dockwright
