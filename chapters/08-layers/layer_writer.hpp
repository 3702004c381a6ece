#pragma once
// Entries become files. See layer_apply.hpp for the rules.

#include <cstdint>

#include "chapters/08-layers/archive_reader.hpp"
#include "chapters/08-layers/layer_apply.hpp"
#include "chapters/08-layers/layer_story.hpp"
#include "chapters/08-layers/layer_tree.hpp"

namespace dockwright {

class LayerWriter {
 public:
  /// @pre all outlive the writer; the umask of this thread is 0
  LayerWriter(const UniqueFd& root, ArchiveReader& from,
              const ApplyOptions& options);
  LayerWriter(LayerWriter&&) = delete;

  /// Makes what the entry describes. @throws Failure SystemCallError
  void write(const ArchiveEntry& entry);
  /// All is written: the directories get their times.
  void finish() { tree_.finish(); }

  [[nodiscard]] std::uint64_t content_bytes() const noexcept {
    return content_bytes_;
  }

 private:
  /// A new name in an open directory.
  struct Place {
    OpenDirectory& directory;
    const std::string& name;
  };
  void write_root(const ArchiveEntry& entry);
  bool write_whiteout(const ArchiveEntry& entry,
                      const std::vector<std::string>& path);
  void hide(const Place& place);
  void write_directory(const ArchiveEntry& entry, const Place& place);
  void write_file(const ArchiveEntry& entry, const Place& place);
  void write_contents(const ArchiveEntry& entry, const UniqueFd& file);
  void write_link(const ArchiveEntry& entry, const Place& place);
  void write_hard_link(const ArchiveEntry& entry, const Place& place);
  void write_node(const ArchiveEntry& entry, const Place& place);
  void describe_directory(const ArchiveEntry& entry,
                          OpenDirectory& directory);
  void set_attributes(const ArchiveEntry& entry, const UniqueFd& file);
  [[nodiscard]] bool needs_owner(const ArchiveEntry& entry,
                                 const OpenDirectory& parent) const;
  template <typename Make>
  int make_new(const Place& place, const Make& make);

  const UniqueFd& root_;
  ArchiveReader& from_;
  const ApplyOptions& options_;
  LayerStory story_;
  LayerTree tree_;
  uid_t our_user_;
  gid_t our_group_;
  std::uint64_t content_bytes_ = 0;
};

}  // namespace dockwright
