// Blobs: contents under the name of their digest. Whoever reads one by
// a descriptor relies on two things: that nothing got this name which
// does not have that digest, and that a name which is there stands for
// all of its bytes. Both hold because bytes are written under a name
// that nobody looks for, checked, written out to the disk, and renamed.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chapters/09-images/store.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

/// Documents are small: 4 MiB is what registries take.
constexpr std::size_t kLargestDocument = 4U << 20;

[[noreturn]] void refuse(const Descriptor& blob, std::string what) {
  throw Failure{
      fmt::format("blob {}: {}", blob.digest.str(), what),
      Advice{.cause = "it was damaged on the way, or is another one "
                      "than was asked for; nothing of it is kept",
             .cure = "get it again; if that fails, too, from elsewhere",
             .chapter = 9,
             .anchor = "ch09-digests"}};
}

}  // namespace

BlobWriter Store::new_blob(std::optional<Descriptor> expected) const {
  return BlobWriter{*this, std::move(expected)};
}

Descriptor Store::add_document(std::string_view media_type,
                               std::string_view text) const {
  Descriptor descriptor = Descriptor::of(media_type, text);
  if (has(descriptor)) return descriptor;
  BlobWriter blob = new_blob(descriptor);
  blob.write(text);
  ignore(blob.commit() == descriptor.digest,
         "it was made of this text");
  return descriptor;
}

bool Store::has(const Descriptor& blob) const {
  struct stat status {};
  return ::fstatat(blobs_.get(), blob.digest.hex().c_str(), &status,
                   AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISREG(status.st_mode) &&
         static_cast<std::uint64_t>(status.st_size) == blob.size;
}

UniqueFd Store::open_blob(const Descriptor& blob) const {
  auto file = files::try_open_at(blobs_, blob.digest.hex(),
                                 O_RDONLY | O_NONBLOCK);
  if (!file)
    throw Failure{fmt::format("blob {} is not in the store {}",
                              blob.digest.str(), path_)};
  struct stat status {};
  check_call("fstat", ::fstat(file->get(), &status), "look at blob {}",
             blob.digest.str());
  if (!S_ISREG(status.st_mode) ||
      static_cast<std::uint64_t>(status.st_size) != blob.size)
    throw Failure{
        fmt::format("blob {} has {} bytes, and should have {}",
                    blob.digest.str(), status.st_size, blob.size)};
  return std::move(*file);
}

std::string Store::read_document(const Descriptor& blob) const {
  std::string text = files::read_all(open_blob(blob), kLargestDocument,
                                     "blob " + blob.digest.str());
  if (Digest::of(text) != blob.digest)
    throw Failure{
        fmt::format("blob {} is damaged: its bytes have another digest",
                    blob.digest.str()),
        Advice{
            .cause = "the disk, or somebody who wrote into the store",
            .cure = "`system check` tells what else is; remove the "
                    "image and get it again",
            .chapter = 9,
            .anchor = "ch09-digests"}};
  return text;
}

BlobWriter::BlobWriter(const Store& store,
                       std::optional<Descriptor> expected)
    : store_{&store},
      expected_{std::move(expected)},
      name_{files::unique_name("blob-")},
      file_{files::create_at(store.temporary(), name_, 0644)} {}

BlobWriter::BlobWriter(BlobWriter&& other) noexcept
    : store_{other.store_},
      expected_{std::move(other.expected_)},
      name_{std::exchange(other.name_, {})},
      file_{std::move(other.file_)},
      hasher_{std::move(other.hasher_)},
      size_{other.size_} {}

BlobWriter::~BlobWriter() {
  if (!name_.empty())
    ignore(::unlinkat(store_->temporary().get(), name_.c_str(), 0),
           "the next command removes it otherwise");
}

void BlobWriter::write(std::string_view bytes) {
  hasher_.update(bytes);
  write_unhashed(bytes);
}

void BlobWriter::write_unhashed(std::string_view bytes) {
  size_ += bytes.size();
  if (expected_ && size_ > expected_->size)
    refuse(*expected_, fmt::format("more than the {} bytes that were "
                                   "announced",
                                   expected_->size));
  files::write_all(file_, bytes, "a blob");
}

Digest BlobWriter::commit() { return commit_as(hasher_.finish()); }

void BlobWriter::check(const Digest& digest) const {
  if (expected_ && size_ != expected_->size)
    refuse(*expected_,
           fmt::format("{} bytes came, and {} were announced", size_,
                       expected_->size));
  if (expected_ && digest != expected_->digest)
    refuse(*expected_, fmt::format("what came is {}", digest.str()));
}

//! [commit]
Digest BlobWriter::commit_as(const Digest& digest) {
  check(digest);
  // Beyond this point the bytes are the right ones.
  if (store_->durability() == files::Durability::durable)
    files::sync(file_, "blob " + digest.str());
  files::rename(
      {store_->temporary(), name_, store_->blobs(), digest.hex()});
  name_.clear();
  return digest;
}
//! [commit]

}  // namespace dockwright
