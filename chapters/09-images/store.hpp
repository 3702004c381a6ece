#pragma once
// Where images live. The store *is* an OCI image layout, so any other
// tool reads it in place, and beside it lie what only we need:
//
//     oci-layout  index.json       what there is, under which names
//     blobs/sha256/HEX             documents and layers, by digest
//     layers/HEX/{fs,mark}         layers unpacked, by diff ID
//     containers/ID                what running containers write
//     cache/HEX                    what builds keep, by its inputs
//     tmp/                         what is half-made
//     version  lock  index.lock
//
// Nothing appears under its name before it is whole, checked and on
// the disk: it is made in tmp/ and renamed (files.hpp). So a program
// that is killed leaves things in tmp/ only, and a power cut no more.
//
// `lock` is shared by all who read or add and is ours alone while we
// sweep: what was added and has no name yet is not swept from under the
// feet of who adds it. A Store holds it as long as it lives. So it
// must not live as long as a container runs; the container keeps its
// layers by its directory in containers/ (running.hpp).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/08-layers/stream.hpp"
#include "chapters/09-images/descriptor.hpp"
#include "chapters/09-images/image_config.hpp"
#include "chapters/09-images/manifest.hpp"
#include "chapters/09-images/reference.hpp"
#include "common/files.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

struct StoreOptions {
  std::string root{};  ///< Empty: `default_store_root()`.
  /// Tests that have a thousand things to store do not wait for disks.
  files::Durability durability = files::Durability::durable;
};

/// $DOCKWRIGHT_ROOT; else /var/lib/dockwright for root; else
/// dockwright below $XDG_DATA_HOME or ~/.local/share.
[[nodiscard]] std::string default_store_root();

/// An image in the store, once for each of its names.
struct StoredImage {
  std::optional<Reference> name{};  ///< None: it is dangling.
  Descriptor descriptor;            ///< Of its manifest or index.
  std::optional<Digest>
      id{};  ///< Its config's digest; none where it is
             ///< not for this platform or not whole.
  std::string created{};
  std::uint64_t bytes = 0;  ///< Of its layers: unpacked where they are,
                            ///< else as blobs.
};

class BlobWriter;

class Store {
 public:
  /// Opens the store, makes it when it is missing, and removes what a
  /// killed program left. @throws Failure for a directory that is
  /// something else, or a store of a later version
  [[nodiscard]] static Store open(const StoreOptions& options = {});
  Store(Store&&) noexcept = default;
  Store& operator=(Store&&) = delete;
  ~Store();

  [[nodiscard]] const std::string& path() const noexcept {
    return path_;
  }

  // Blobs

  /// A blob to be written. With `expected`, one that is longer, shorter
  /// or has another digest is refused.
  [[nodiscard]] BlobWriter new_blob(
      std::optional<Descriptor> expected = std::nullopt) const;
  /// Stores a document, and describes it.
  Descriptor add_document(std::string_view media_type,
                          std::string_view text) const;
  /// Whether the blob is there, in its size. Its digest was checked
  /// when it came in.
  [[nodiscard]] bool has(const Descriptor& blob) const;
  /// @throws Failure when it is not there or has another size
  [[nodiscard]] UniqueFd open_blob(const Descriptor& blob) const;
  /// A manifest, index or config: its digest is checked. @throws
  /// Failure
  [[nodiscard]] std::string read_document(const Descriptor& blob) const;

  // Names

  /// All images, in the order of the index.
  [[nodiscard]] std::vector<StoredImage> images() const;
  /// By name, by ID or by the beginning of one. @throws Failure when
  /// there are several such
  [[nodiscard]] std::optional<StoredImage> find(
      std::string_view name_or_id) const;
  /// Names an image that is there. Who had the name before keeps no
  /// name, if it was its last.
  void tag(const Reference& name, const Descriptor& image) const;
  /// Keeps an image without a name.
  void keep(const Descriptor& image) const;
  /// Takes a name away; the image is forgotten if it was its last.
  /// False when there is no such name.
  bool untag(const Reference& name) const;
  /// Forgets an image with all its names.
  bool forget(const Digest& image) const;

  // For the modules beside this one

  [[nodiscard]] const UniqueFd& root() const noexcept { return root_; }
  [[nodiscard]] const UniqueFd& temporary() const noexcept {
    return temporary_;
  }
  [[nodiscard]] const UniqueFd& blobs() const noexcept {
    return blobs_;
  }
  [[nodiscard]] const UniqueFd& layers() const noexcept {
    return layers_;
  }
  [[nodiscard]] const UniqueFd& containers() const noexcept {
    return containers_;
  }
  [[nodiscard]] files::Durability durability() const noexcept {
    return durability_;
  }
  /// Makes the lock ours alone while `body` runs, and waits for that
  /// as `wait` says. False when it was not to be had.
  enum class Wait { yes, no };
  template <typename Body>
  bool alone(Wait wait, const Body& body) {
    if (!lock_alone(wait)) return false;
    body();
    share_lock();
    return true;
  }

 private:
  Store() = default;
  void make_layout();
  void check_version() const;
  void sweep_leftovers() const;
  void note_all(const std::vector<StoredImage>& images) const;
  [[nodiscard]] bool lock_alone(Wait wait) const;
  void share_lock() const;

  std::string path_{};
  files::Durability durability_ = files::Durability::durable;
  UniqueFd root_{};
  UniqueFd lock_{};
  UniqueFd blobs_{};
  UniqueFd temporary_{};
  UniqueFd layers_{};
  UniqueFd containers_{};
};

/// Takes the bytes of a blob, and publishes it when they are whole and
/// right. Until then they are in tmp/, and gone with their writer.
class BlobWriter : public Sink {
 public:
  BlobWriter(const Store& store, std::optional<Descriptor> expected);
  BlobWriter(BlobWriter&& other) noexcept;
  BlobWriter& operator=(BlobWriter&&) = delete;
  ~BlobWriter() override;

  /// @throws Failure when these are more bytes than were announced
  void write(std::string_view bytes) override;
  /// Checks size and digest, and publishes. @throws Failure
  Digest commit();
  // The same for bytes that somebody else hashes on their way.
  void write_unhashed(std::string_view bytes);
  Digest commit_as(const Digest& digest);
  /// Refuses what cannot be published. @throws Failure
  void check(const Digest& digest) const;
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

 private:
  const Store* store_;
  std::optional<Descriptor> expected_;
  std::string name_;
  UniqueFd file_;
  Hasher hasher_{};
  std::uint64_t size_ = 0;
};

/// One image of the store, its documents read and checked.
struct Image {
  Descriptor descriptor;  ///< Of the manifest.
  Manifest manifest;
  ImageConfig config;
};

/// The image that `descriptor` names, or, of an index, the one for
/// `platform`. @throws Failure where a document is missing, damaged or
/// contradicts another one
[[nodiscard]] Image load_image(const Store& store,
                               const Descriptor& descriptor,
                               const Platform& platform);

}  // namespace dockwright
