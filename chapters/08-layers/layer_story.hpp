#pragma once
// What `--explain` tells of unpacking. A layer has ten thousand files,
// and nobody would read ten thousand times how one is made: of each
// kind of entry the first is told.

#include <bitset>
#include <string>
#include <string_view>

#include "chapters/08-layers/archive_reader.hpp"
#include "chapters/08-layers/whiteouts.hpp"

namespace dockwright {

class LayerStory {
 public:
  explicit LayerStory(Whiteouts whiteouts) : whiteouts_{whiteouts} {}
  /// Of the entry that comes next; `directory` is the descriptor of the
  /// one it is made in.
  void entry(const ArchiveEntry& entry, int directory,
             std::string_view name);
  void whiteout(int directory, std::string_view name);
  void opaque(int directory);

 private:
  enum Hidden : std::size_t { one = 8, all = 9 };
  [[nodiscard]] bool is_first(std::size_t kind);

  Whiteouts whiteouts_;
  std::bitset<10> told_{};
};

}  // namespace dockwright
