#pragma once
// A tar archive, by libarchive, as others expect a layer to be: ustar
// where that is enough, PAX headers where it is not (long names, large
// numbers, attributes). Nothing of the day or the machine is in it: no
// names of users, no device numbers, no times but the files' own.

#include <exception>
#include <memory>
#include <string_view>
#include <vector>

#include "chapters/08-layers/archive_reader.hpp"
#include "chapters/08-layers/stream.hpp"

namespace dockwright {

/// A part of a file that is not a hole.
struct DataRun {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

class ArchiveWriter {
 public:
  /// @pre `to` outlives the writer
  explicit ArchiveWriter(Sink& to);
  ArchiveWriter(ArchiveWriter&&) = delete;
  ~ArchiveWriter();

  /// Begins an entry. Of a file with holes, `runs` are what is no hole;
  /// empty: it has none. @throws Failure
  void begin(const ArchiveEntry& entry,
             const std::vector<DataRun>& runs = {});
  /// The next bytes of the file that was begun, holes as zeroes.
  void write(std::string_view bytes);
  /// Writes the end of the archive.
  void finish();

  [[nodiscard]] std::uint64_t entries() const noexcept {
    return entries_;
  }

 private:
  struct Freed {
    void operator()(archive* writer) const;
  };
  static ssize_t pass_on(archive* writer, void* self, const void* bytes,
                         std::size_t size);
  void expect(long result, std::string_view what);

  Sink& to_;
  std::unique_ptr<archive, Freed> writer_;
  std::exception_ptr failure_{};
  std::uint64_t entries_ = 0;
};

}  // namespace dockwright
