#include "chapters/09-images/made_image.hpp"

#include <algorithm>

#include "chapters/08-layers/archive_reader.hpp"
#include "chapters/08-layers/compression.hpp"
#include "chapters/09-images/media_types.hpp"

namespace dockwright {

namespace {

/// Passes on what it reads, and lets a blob have it, too. A packed
/// archive has two digests; of a plain one both are the same, and it is
/// hashed once.
class Tee : public Source {
 public:
  Tee(Source& from, BlobWriter& to, bool packed)
      : from_{from}, to_{to}, packed_{packed} {}
  std::string_view next() override {
    const std::string_view bytes = from_.next();
    if (packed_)
      to_.write(bytes);
    else
      to_.write_unhashed(bytes);
    return bytes;
  }

 private:
  Source& from_;
  BlobWriter& to_;
  bool packed_;
};

/// Reads an archive to its very end: a digest counts its padding, too.
Seconds read_through(Source& archive, const ArchiveLimits& limits) {
  Seconds newest = 0;
  {
    ArchiveReader reader{archive, limits};
    ArchiveEntry entry;
    for (std::uint64_t count = 1; reader.next(entry); ++count) {
      check_limit(count, &ArchiveLimits::entries, limits,
                  "the archive");
      newest = std::max<Seconds>(newest, entry.change_time.tv_sec);
    }
  }
  while (!archive.next().empty()) {
  }
  return newest;
}

std::string_view media_type_of(Compression kind) {
  switch (kind) {
    case Compression::gzip:
      return media::kLayerGzip;
    case Compression::zstd:
      return media::kLayerZstd;
    case Compression::none:
      break;
  }
  return media::kLayer;
}

}  // namespace

//! [store_layer]
NewLayer store_layer(const Store& store,
                     std::unique_ptr<Source> archive,
                     const ArchiveLimits& limits) {
  PeekedSource source{std::move(archive)};
  const Compression kind = detect(source.peek());
  BlobWriter blob = store.new_blob();
  const bool packed = kind != Compression::none;
  HashingSource plain{
      decompressed(std::make_unique<Tee>(source, blob, packed), kind)};
  const Seconds newest = read_through(plain, limits);
  const std::uint64_t size = blob.size();
  const Digest diff_id = plain.digest();
  return {.blob = {.media_type = std::string{media_type_of(kind)},
                   .digest =
                       packed ? blob.commit() : blob.commit_as(diff_id),
                   .size = size},
          .diff_id = diff_id,
          .newest = newest};
}
//! [store_layer]

Seconds newest_in(const Store& store, const Descriptor& layer) {
  FileSource archive{store.open_blob(layer)};
  return read_through(archive, {});
}

//! [store_image]
Descriptor store_image(const Store& store, const ImageConfig& config,
                       std::vector<Descriptor> layers) {
  const Manifest manifest{
      .media_type = std::string{media::kManifest},
      .config = store.add_document(media::kConfig, config.to_json()),
      .layers = std::move(layers)};
  return store.add_document(media::kManifest, manifest.to_json());
}
//! [store_image]

}  // namespace dockwright
