#pragma once
// Where in a layer we are. The entries of an archive come directory by
// directory, so the directories from the root down to the current one
// are held open, and most entries need no look-up at all:
//
//     entry usr/lib/x.so    root > usr > lib         make x.so
//     entry usr/lib/y.so    root > usr > lib         make y.so
//     entry usr/bin/z       root > usr > bin         leave lib, enter
//
// A directory that is left gets its times then, and the rights that it
// is to have: whatever is put into it would change the first, and may
// be forbidden by the second. If it is entered again, both are read
// first and restored once more. So nothing has to be remembered, however
// many directories there are.

#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/08-layers/archive_limits.hpp"
#include "chapters/08-layers/layer_story.hpp"
#include "chapters/08-layers/whiteouts.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

/// The components of a name in an archive: without empty ones and
/// single dots, each pair of dots taken with what is before it.
/// @throws Failure when it leaves the root
[[nodiscard]] std::vector<std::string> components_of(
    std::string_view name);

/// A directory of the layer that is open.
struct OpenDirectory {
  std::string name{};  ///< Empty: the root.
  UniqueFd fd{};
  mode_t mode = 0;  ///< What it gets when it is left.
  gid_t group = 0;  ///< What a new file in it may inherit.
  timespec times[2] = {};
};

class LayerTree {
 public:
  /// Without `whiteouts` it is the tree of no layer: nothing is made
  /// opaque. @pre all outlive the tree
  LayerTree(const UniqueFd& root, const ArchiveLimits& limits,
            std::optional<Whiteouts> whiteouts, LayerStory& story);
  LayerTree(LayerTree&&) = delete;

  /// Enters the directory of these components, makes what is missing of
  /// it, and leaves those that are not on the way. A link on the way is
  /// followed by the kernel, inside the root.
  /// @throws Failure SystemCallError
  OpenDirectory& enter(const std::vector<std::string>& path,
                       std::size_t count);

  /// The directory `name` in the current one, made if it is not there;
  /// it becomes the current one. What is no directory makes room for
  /// it.
  OpenDirectory& make_directory(const std::string& name);

  /// Makes the current directory hide what lower layers have in it.
  void make_opaque(const OpenDirectory& directory);

  /// Something in the current directory was removed: what was open may
  /// be gone.
  void forget() noexcept { stale_ = true; }

  /// Leaves all directories.
  void finish() { leave(0); }

 private:
  void leave(std::size_t depth);
  OpenDirectory& step(const std::string& name);
  OpenDirectory& push(UniqueFd fd, std::string name);
  OpenDirectory& push_new(std::string name);
  void expect(std::string_view call, int result,
              std::string_view attempt, std::string_view name) const;
  [[nodiscard]] std::string path_to(std::string_view name) const;

  const UniqueFd& root_;
  const ArchiveLimits& limits_;
  std::optional<Whiteouts> whiteouts_;
  LayerStory& story_;
  std::vector<OpenDirectory> open_{};
  bool stale_ = false;
};

}  // namespace dockwright
