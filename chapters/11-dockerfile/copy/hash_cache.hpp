#pragma once
// What files contain, remembered from the last time that they were
// read. As Git's index does, it knows a file by its number, size and
// times: nobody can change a file and its ctime stays what it was.
// But the kernel's clock ticks: a file that is changed twice within a
// tick has one ctime for two contents. So whoever is about to read a
// file that changed just now waits for the next tick first.
//
//     file: 8 bytes of "which format", then sorted by device and inode:
//     | device | inode | size | mtime | ctime | used | SHA-256 |

#include <sys/stat.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chapters/09-images/store.hpp"
#include "common/digest.hpp"

namespace dockwright {

class HashCache {
 public:
  /// What the store has of the tree `root`, an open directory.
  HashCache(const Store& store, const UniqueFd& root);
  ~HashCache();
  HashCache(HashCache&&) = delete;

  /// The digest of a file's contents and attributes, if it has not
  /// changed since it was kept.
  [[nodiscard]] std::optional<Digest> find(const struct stat& status);
  /// To be called before the file is read: waits where it changed just
  /// now. `status` is taken anew from `file`, and goes to `keep`.
  void settle(const UniqueFd& file, struct stat& status) const;
  void keep(const struct stat& status, const Digest& digest);
  /// Writes what is new; a cache that cannot be written is none.
  void save();

 private:
  /// As in the file; `used`: the second in which it was asked for.
  struct Row {
    std::uint64_t device = 0, inode = 0, size = 0;
    std::int64_t mtime = 0, ctime = 0;  ///< Nanoseconds.
    std::uint64_t used = 0;
    std::array<unsigned char, 32> digest{};
  };
  [[nodiscard]] static Row key_of(const struct stat& status);
  [[nodiscard]] static bool by_number(const Row& one, const Row& other);
  [[nodiscard]] std::string merged();
  [[nodiscard]] std::size_t rows() const;
  [[nodiscard]] Row row_at(std::size_t at) const;
  [[nodiscard]] std::optional<Row> row_of(const Row& key) const;

  const Store& store_;
  std::string name_;
  std::string bytes_{};      ///< Of the file, as it was found.
  std::vector<Row> news_{};  ///< As they came.
  std::uint64_t now_ = 0;
};

}  // namespace dockwright
