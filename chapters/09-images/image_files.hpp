#pragma once
// The files of an archive of images, or of a directory, by name. They
// are never unpacked: a name is looked up in a list, and what should be
// a blob goes straight into the store, under the digest of its bytes.
// So a name may say `../../etc/passwd`, and is only a name.
//
// An archive is read once, from front to back, and its table of contents
// may come last. Small files are therefore kept in memory, and large
// ones become blobs at once; those that no image names are swept by the
// next `image prune`.

#include <cstdint>
#include <memory>
#include <string>

#include "chapters/08-layers/archive_limits.hpp"
#include "chapters/08-layers/compression.hpp"
#include "chapters/09-images/store.hpp"

namespace dockwright {

/// A file that is now a blob of the store.
struct StoredFile {
  Digest digest;
  std::uint64_t size = 0;
  Compression compression = Compression::none;
};

class ImageFiles {
 public:
  ImageFiles() = default;
  ImageFiles(const ImageFiles&) = delete;
  ImageFiles& operator=(const ImageFiles&) = delete;
  virtual ~ImageFiles() = default;
  [[nodiscard]] virtual bool has(const std::string& name) const = 0;
  /// The text of a document. @throws Failure when it is not there, or
  /// too large for one
  [[nodiscard]] virtual std::string document(
      const std::string& name) const = 0;
  /// Makes a file a blob. With `expected` one of another digest or size
  /// is refused. @throws Failure
  virtual StoredFile store_file(
      const std::string& name,
      const Descriptor* expected = nullptr) = 0;
};

/// Reads a whole tar archive, packed or not. @throws Failure
[[nodiscard]] std::unique_ptr<ImageFiles> files_of_archive(
    const Store& store, std::unique_ptr<Source> archive,
    const ArchiveLimits& limits = {});

/// A directory, read where needed; no link leads out of it.
[[nodiscard]] std::unique_ptr<ImageFiles> files_of_directory(
    const Store& store, UniqueFd directory, std::string path);

}  // namespace dockwright
