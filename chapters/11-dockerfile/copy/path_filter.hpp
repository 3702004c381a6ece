#pragma once
// Which files of a tree are there at all. Chapter 12's .dockerignore is
// such a rule, and so is `--exclude`. Everything that looks into a
// context asks it: what it leaves out cannot be copied, read or told
// apart from what does not exist.

#include <string_view>

namespace dockwright {

enum class Verdict {
  take,
  leave,  ///< And, of a directory, all that is in it.
  look,   ///< A directory that is left, but for some of what is in it.
};

class PathFilter {
 public:
  PathFilter() = default;
  PathFilter(const PathFilter&) = default;
  PathFilter& operator=(const PathFilter&) = default;
  virtual ~PathFilter() = default;
  /// `path`: from the root of the tree, without a slash at its begin.
  [[nodiscard]] virtual Verdict judge(std::string_view path,
                                      bool is_directory) const = 0;
};

}  // namespace dockwright
