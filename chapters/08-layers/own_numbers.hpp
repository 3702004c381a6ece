#pragma once
// Files of a layer belong to many users, and without root we are one.
// As for a container, a user namespace helps: with ranges of numbers
// set aside for us (chapter 6), in which every owner has its place.

#include "chapters/08-layers/whiteouts.hpp"

namespace dockwright {

/// As whom we handle a layer's files.
struct FileRights {
  Whiteouts whiteouts = Whiteouts::trusted;
  bool all_owners = true;  ///< Else every file is ours.
};

/// As root: what root may. Without it: goes into a user namespace with
/// all the numbers that we can get. @throws Failure
FileRights become_owner_of_files();

}  // namespace dockwright
