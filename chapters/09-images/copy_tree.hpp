#pragma once
// A copy of a directory with all that is below it. A declared volume
// begins with what the image holds at its place; from then on it is the
// volume's own.

#include "chapters/06-users/ids.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

/// Copies what is in `from` into the empty directory `to`, and gives `to`
/// the owner, mode and times of `from`: files, links, devices, hard
/// links, extended attributes. Links are copied and never followed.
/// Where `maps` show files under other numbers than the disk has, the
/// copies get those of the disk.
/// @throws SystemCallError; Failure for a tree that is deeper than any
/// honest one
void copy_tree(const UniqueFd& from, const UniqueFd& to,
               const IdMaps& maps = {});

/// Copies what is in `from` into `to`, which need not be empty: what is
/// there under the same name is replaced, and directories are merged.
/// All of it belongs to whom we are. @throws as above
void copy_tree_over(const UniqueFd& from, const UniqueFd& to);

/// Gives `to` the owner, mode, attributes and times of `from`; both are
/// open to be read.
void copy_status(const UniqueFd& from, const UniqueFd& to);

}  // namespace dockwright
