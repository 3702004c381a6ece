#pragma once
// Looking into a tree that may be hostile: a context that somebody else
// wrote, and may be writing to just now. A path is walked one component
// after the other, each opened by its directory and never through a
// link; links are followed here, by the same rule: `..` goes back to
// the directory that we came from, and never above the root. So a link
// leads where it would in a root of its own, whoever swaps what.
//
// Every place on the way is shown to the tree's filter: a link to what
// is ignored leads nowhere.

#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/11-dockerfile/copy/copy.hpp"

namespace dockwright {

/// Something in a tree, by the directory that it is in.
struct FoundFile {
  UniqueFd directory{};
  std::string name{};  ///< `.`: the root itself.
  std::string path{};  ///< Links resolved; empty: the root.
  struct stat status {};
  [[nodiscard]] bool is_directory() const {
    return S_ISDIR(status.st_mode);
  }
};

enum class LastLink { follow, keep };

/// Where a path leads; nothing where it leads to nothing, or to what
/// the filter leaves out. @throws SystemCallError
[[nodiscard]] std::optional<FoundFile> find_file(
    const CopyTree& tree, std::string_view path,
    LastLink last = LastLink::follow);

/// The paths that a pattern fits, sorted. With `deep`, a component `**`
/// stands for any number of directories.
[[nodiscard]] std::vector<std::string> expand_glob(
    const CopyTree& tree, std::string_view pattern, bool deep);

/// An entry that is walked over.
struct TreeEntry {
  const UniqueFd& directory;
  const std::string& name;
  const std::string& path;  ///< From the item; empty: the item itself.
  const struct stat& status;
};

class TreeVisitor {
 public:
  TreeVisitor() = default;
  TreeVisitor(const TreeVisitor&) = delete;
  TreeVisitor& operator=(const TreeVisitor&) = delete;
  virtual ~TreeVisitor() = default;
  /// A directory; what is in it comes next.
  virtual void enter(const TreeEntry& entry,
                     const UniqueFd& opened) = 0;
  virtual void leave(const TreeEntry& entry,
                     const UniqueFd& opened) = 0;
  /// Anything else.
  virtual void visit(const TreeEntry& entry) = 0;
};

/// Walks over an item and all that is in it, in the order of the names'
/// bytes. What the tree's filter or `excludes` leave out is not seen; a
/// directory that is left out is seen only with something in it.
void walk(const CopyItem& item, const PathFilter& excludes,
          TreeVisitor& visitor);

/// The target of a link. @throws SystemCallError
[[nodiscard]] std::string read_link(const UniqueFd& directory,
                                    const std::string& name);

}  // namespace dockwright
