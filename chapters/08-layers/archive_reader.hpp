#pragma once
// The entries of a tar archive, by libarchive: it knows the formats of
// four decades (ustar, PAX, GNU, and GNU's and PAX's sparse files), and
// they are not this chapter's subject. Only tar is switched on: its
// readers for other formats would be more code for hostile bytes to
// reach. It reads; what is written is ours.

#include <sys/types.h>

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chapters/08-layers/archive_limits.hpp"
#include "chapters/08-layers/stream.hpp"

struct archive;
struct archive_entry;

namespace dockwright {

/// One entry, as the archive describes it: nothing is checked yet.
struct ArchiveEntry {
  enum class Kind {
    file,
    directory,
    symlink,
    hard_link,
    fifo,
    character,
    block
  };
  Kind kind = Kind::file;
  std::string name{};
  std::string link{};  ///< Where a link leads.
  mode_t mode = 0;     ///< Permissions, with set-user-ID and the like.
  uid_t user = 0;
  gid_t group = 0;
  timespec access_time{};
  timespec change_time{};  ///< Of the contents (mtime).
  dev_t device = 0;
  std::uint64_t size = 0;  ///< Of a file, holes included.
  std::vector<std::pair<std::string, std::string>> attributes{};
};

/// A piece of a file; between two pieces there may be a hole.
struct Extent {
  std::string_view bytes;
  std::int64_t offset = 0;
};

class ArchiveReader {
 public:
  /// @pre both outlive the reader
  ArchiveReader(Source& from, const ArchiveLimits& limits);
  ArchiveReader(ArchiveReader&&) = delete;
  ~ArchiveReader();

  /// The next entry into `entry`; false at the archive's end.
  /// @throws Failure when it is damaged or truncated
  [[nodiscard]] bool next(ArchiveEntry& entry);
  /// The next piece of the file that `next` gave; nothing at its end.
  [[nodiscard]] std::optional<Extent> extent();

 private:
  struct Freed {
    void operator()(archive* reader) const;
  };
  static ssize_t read(archive* reader, void* self, const void** bytes);
  [[noreturn]] void refuse();
  void expect_end_marker() const;
  void describe(ArchiveEntry& entry) const;

  Source& from_;
  const ArchiveLimits& limits_;
  std::unique_ptr<archive, Freed> reader_;
  archive_entry* raw_ = nullptr;  ///< Owned by the reader.
  std::exception_ptr failure_{};
};

}  // namespace dockwright
