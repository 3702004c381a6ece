#pragma once
// What is walked over in the sources is made in the image. The same
// rules hold as for a layer that is unpacked (chapter 8): everything is
// made by its directory, new, and never through a link; what stands in
// its place goes first. But a directory and something else never take
// each other's place: that is more likely a mistake than a wish, and
// BuildKit refuses it in these words.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chapters/11-dockerfile/copy/copy.hpp"
#include "chapters/11-dockerfile/copy/owner.hpp"
#include "chapters/11-dockerfile/copy/source_tree.hpp"

namespace dockwright {

/// What all copies of an instruction have in common.
struct CopyRules {
  std::optional<Owner> owner{};  ///< `--chown`
  std::optional<ModeChange> mode{};
  bool replace = false;  ///< `--link`: a directory may take any place.
  /// What we may do: without root and without helpers all files are
  /// ours, and devices cannot be made.
  bool gives_away = true;
  bool makes_devices = true;
};

/// The rules of who we are.
[[nodiscard]] CopyRules rules_here();

/// One item on its way into an open directory of the image.
/// Whose a copy is, and with which mode, by the item and the rules.
[[nodiscard]] Owner owner_of(const CopyItem& item,
                             const CopyRules& rules,
                             const struct stat& status);
[[nodiscard]] mode_t mode_of(const CopyRules& rules,
                             const struct stat& status);

class TargetWriter : public TreeVisitor {
 public:
  /// A directory's contents go into `top`; anything else becomes
  /// `name` in it. Both, and the item, outlive the writer.
  TargetWriter(const CopyItem& item, const CopyRules& rules,
               const UniqueFd& top, std::string name);
  void enter(const TreeEntry& entry, const UniqueFd& opened) override;
  void leave(const TreeEntry& entry, const UniqueFd& opened) override;
  void visit(const TreeEntry& entry) override;
  /// A heredoc.
  void write_inline(Seconds time);

 private:
  /// A new name in an open directory of the image.
  struct Place {
    const UniqueFd& directory;
    const std::string& name;
    const std::string& path;
  };
  template <typename Make>
  int make_new(const Place& place, const Make& make) const;
  [[nodiscard]] UniqueFd new_file(const Place& place,
                                  mode_t mode) const;
  bool linked(const Place& place, const struct stat& status);
  void file(const Place& place, const TreeEntry& entry) const;
  void link(const Place& place, const TreeEntry& entry) const;
  void node(const Place& place, const struct stat& status) const;
  void finish_other(const Place& place,
                    const struct stat& status) const;

  const CopyItem& item_;
  const CopyRules& rules_;
  const UniqueFd& top_;
  std::string name_;
  std::vector<UniqueFd> open_{};  ///< Below `top_`.
  /// Files with several names, and where the first of them lies.
  struct Known {
    UniqueFd directory{};
    std::string name{};
  };
  std::map<std::pair<dev_t, ino_t>, Known> files_{};
};

/// Gives an open file its owner and mode, where it has others.
void set_rights(const UniqueFd& made, const Owner& owner, mode_t mode,
                const std::string& path);

}  // namespace dockwright
