#include "chapters/08-layers/layer_apply.hpp"

#include <sched.h>
#include <sys/stat.h>

#include <cstring>
#include <functional>
#include <optional>
#include <thread>

#include "chapters/08-layers/archive_reader.hpp"
#include "chapters/08-layers/block_ring.hpp"
#include "chapters/08-layers/compression.hpp"
#include "chapters/08-layers/layer_writer.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

enum Reader : std::size_t { hashing, writing, readers };

/// A thread of the pipeline. If it fails, nobody waits for it, and the
/// others end as well.
class Worker {
 public:
  Worker(BlockRing& ring, std::function<void()> work)
      : ring_{ring}, thread_{[this, work = std::move(work)] {
          try {
            work();
          } catch (...) {
            failure_ = std::current_exception();
            ring_.interrupt();
          }
        }} {}
  Worker(Worker&&) = delete;
  /// Whoever leaves without `join` has failed.
  ~Worker() {
    ring_.interrupt();
    join();
  }

  void join() {
    if (thread_.joinable()) thread_.join();
  }
  /// @pre joined
  void rethrow() const {
    if (!failure_) return;
    try {
      std::rethrow_exception(failure_);
    } catch (const Interrupted&) {  // the other one knows why
    }
  }

 private:
  BlockRing& ring_;
  std::exception_ptr failure_{};
  std::thread thread_;
};

/// Fills the ring with all of `plain`, in whole blocks.
template <typename Check>
std::uint64_t fill(BlockRing& ring, Source& plain, const Check& check) {
  std::uint64_t total = 0;
  for (std::size_t last = 1; last > 0;) {
    const std::span<char> room = ring.room();
    std::size_t used = 0;
    while (used < room.size() && last > 0) {
      last = plain.fill(room.subspan(used));
      used += last;
      check(total + used);
    }
    total += used;
    if (used > 0) ring.publish(used);
  }
  ring.end();
  return total;
}

/// Makes files of the archive, and reads it to the end of its blocks:
/// behind the end marker there may be more, and it is hashed as well.
void write_entries(Source& plain, const UniqueFd& into,
                   const ApplyOptions& options, AppliedLayer& layer) {
  // This thread gets a working directory and a umask of its own: others
  // of this program keep theirs.
  check_call("unshare", ::unshare(CLONE_FS),
             "get a umask of this thread's own");
  ::umask(0);
  ArchiveReader reader{plain, options.limits};
  LayerWriter writer{into, reader, options};
  for (ArchiveEntry entry; reader.next(entry);) {
    check_limit(++layer.entries, &ArchiveLimits::entries,
                options.limits, "the archive has");
    writer.write(entry);
  }
  writer.finish();
  layer.content_bytes = writer.content_bytes();
  while (!plain.next().empty()) continue;
}

/// What came, as it came. A plain archive needs no digest of its own.
struct Blob {
  Compression compression = Compression::none;
  std::unique_ptr<Source> plain{};
  HashingSource* packed = nullptr;  ///< Below `plain`.
};

Blob open_blob(std::unique_ptr<Source> archive) {
  auto peeked = std::make_unique<PeekedSource>(std::move(archive));
  Blob blob{.compression = detect(peeked->peek())};
  if (blob.compression == Compression::none) {
    blob.plain = std::move(peeked);
    return blob;
  }
  auto hashed = std::make_unique<HashingSource>(std::move(peeked));
  blob.packed = hashed.get();
  blob.plain = decompressed(std::move(hashed), blob.compression);
  return blob;
}

}  // namespace

AppliedLayer apply_layer(std::unique_ptr<Source> archive,
                         const UniqueFd& into,
                         const ApplyOptions& options) {
  const Blob blob = open_blob(std::move(archive));
  BlockRing ring{readers};
  std::optional<Digest> diff_id;
  AppliedLayer layer{Digest::of(""), Digest::of("")};
  Worker hasher{ring, [&] {
                  HashingSource plain{
                      std::make_unique<RingSource>(ring, hashing)};
                  while (!plain.next().empty()) continue;
                  diff_id = plain.digest();
                }};
  Worker writer{ring, [&] {
                  RingSource plain{ring, writing};
                  write_entries(plain, into, options, layer);
                }};
  try {
    layer.bytes = fill(ring, *blob.plain, [&](std::uint64_t bytes) {
      check_unpacked(
          bytes, blob.packed == nullptr ? bytes : blob.packed->bytes(),
          options.limits);
    });
  } catch (const Interrupted&) {  // who failed tells why, below
  }
  hasher.join();
  writer.join();
  writer.rethrow();
  hasher.rethrow();
  layer.diff_id = *diff_id;
  layer.blob_digest =
      blob.packed == nullptr ? layer.diff_id : blob.packed->digest();
  layer.blob_bytes =
      blob.packed == nullptr ? layer.bytes : blob.packed->bytes();
  return layer;
}

}  // namespace dockwright
