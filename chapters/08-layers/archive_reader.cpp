#include "chapters/08-layers/archive_reader.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

#include <limits>

#include "common/check.hpp"

namespace dockwright {

namespace {

using Kind = ArchiveEntry::Kind;

constexpr std::int64_t kTarBlock = 512;

/// libarchive would have names in the characters of the locale, and
/// warns that it left one as it is. That is what we want: to Linux a
/// name is bytes.
bool is_about_characters(archive* reader) {
  const char* const words = ::archive_error_string(reader);
  return words != nullptr &&
         std::string_view{words}.find("can't be converted") !=
             std::string_view::npos;
}

std::string text_or_empty(const char* text) {
  return text == nullptr ? std::string{} : std::string{text};
}

Kind kind_of(archive_entry* raw) {
  if (::archive_entry_hardlink(raw) != nullptr) return Kind::hard_link;
  switch (::archive_entry_filetype(raw)) {
    case AE_IFDIR:
      return Kind::directory;
    case AE_IFLNK:
      return Kind::symlink;
    case AE_IFIFO:
      return Kind::fifo;
    case AE_IFCHR:
      return Kind::character;
    case AE_IFBLK:
      return Kind::block;
    default:
      return Kind::file;
  }
}

/// A user or group: -1 means "nobody in particular" to the kernel.
std::uint32_t owner(std::int64_t number, const std::string& name) {
  if (number < 0 || number >= std::numeric_limits<std::uint32_t>::max())
    throw Failure{fmt::format(
        "the archive gives {:?} to user or group {}, which cannot be",
        name, number)};
  return static_cast<std::uint32_t>(number);
}

}  // namespace

void ArchiveReader::Freed::operator()(archive* reader) const {
  ::archive_read_free(reader);
}

ArchiveReader::ArchiveReader(Source& from, const ArchiveLimits& limits)
    : from_{from}, limits_{limits}, reader_{::archive_read_new()} {
  if (reader_ == nullptr) throw std::bad_alloc{};
  ::archive_read_support_format_tar(reader_.get());
  if (::archive_read_open(reader_.get(), this, nullptr, &read,
                          nullptr) != ARCHIVE_OK)
    refuse();
}

ArchiveReader::~ArchiveReader() = default;

/// libarchive is C: an exception waits here until it has returned.
ssize_t ArchiveReader::read(archive* reader, void* self,
                            const void** bytes) {
  auto* const me = static_cast<ArchiveReader*>(self);
  try {
    const std::string_view block = me->from_.next();
    *bytes = block.data();
    return static_cast<ssize_t>(block.size());
  } catch (...) {
    me->failure_ = std::current_exception();
    ::archive_set_error(reader, EIO, "no more can be read");
    return -1;
  }
}

void ArchiveReader::refuse() {
  if (failure_) std::rethrow_exception(failure_);
  const std::string words =
      text_or_empty(::archive_error_string(reader_.get()));
  if (words.find("too large") != std::string::npos)
    exceed_limit(&ArchiveLimits::header_bytes, limits_,
                 "the header of an entry has");
  throw Failure{fmt::format(
      "the archive is damaged or no tar archive, near byte {}: {}",
      ::archive_filter_bytes(reader_.get(), 0), words)};
}

/// Two blocks of zeros end an archive. Nothing else tells one that is
/// whole from one that was cut off between two entries.
void ArchiveReader::expect_end_marker() const {
  archive* const reader = reader_.get();
  const auto here = ::archive_read_header_position(reader);
  if (::archive_filter_bytes(reader, 0) - here < kTarBlock)
    throw Failure{fmt::format(
        "the archive is truncated: it ends after {} bytes, without an "
        "end marker",
        here)};
}

bool ArchiveReader::next(ArchiveEntry& entry) {
  archive* const reader = reader_.get();
  const int code = ::archive_read_next_header(reader, &raw_);
  if (failure_) std::rethrow_exception(failure_);
  if (code == ARCHIVE_EOF) {
    expect_end_marker();
    return false;
  }
  if (code != ARCHIVE_OK &&
      (code != ARCHIVE_WARN || !is_about_characters(reader)))
    refuse();
  describe(entry);
  const auto header = ::archive_filter_bytes(reader, 0) -
                      ::archive_read_header_position(reader);
  if (static_cast<std::uint64_t>(header) > limits_.header_bytes)
    exceed_limit(&ArchiveLimits::header_bytes, limits_,
                 fmt::format("the header of {:.100} has", entry.name));
  return true;
}

void ArchiveReader::describe(ArchiveEntry& entry) const {
  entry.kind = kind_of(raw_);
  entry.name = text_or_empty(::archive_entry_pathname(raw_));
  entry.link = entry.kind == Kind::hard_link
                   ? text_or_empty(::archive_entry_hardlink(raw_))
                   : text_or_empty(::archive_entry_symlink(raw_));
  entry.mode = ::archive_entry_perm(raw_);
  entry.user = owner(::archive_entry_uid(raw_), entry.name);
  entry.group = owner(::archive_entry_gid(raw_), entry.name);
  entry.change_time = {::archive_entry_mtime(raw_),
                       ::archive_entry_mtime_nsec(raw_)};
  entry.access_time = entry.change_time;
  if (::archive_entry_atime_is_set(raw_) != 0)
    entry.access_time = {::archive_entry_atime(raw_),
                         ::archive_entry_atime_nsec(raw_)};
  entry.device = ::archive_entry_rdev(raw_);
  const std::int64_t size = ::archive_entry_size(raw_);
  entry.size = size < 0 ? 0 : static_cast<std::uint64_t>(size);
  entry.attributes.clear();
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t length = 0;
  for (::archive_entry_xattr_reset(raw_);
       ::archive_entry_xattr_next(raw_, &name, &value, &length) ==
       ARCHIVE_OK;)
    entry.attributes.emplace_back(
        name, length == 0 ? std::string{}
                          : std::string{static_cast<const char*>(value),
                                        length});
}

std::optional<Extent> ArchiveReader::extent() {
  const void* bytes = nullptr;
  std::size_t size = 0;
  std::int64_t offset = 0;
  const int code =
      ::archive_read_data_block(reader_.get(), &bytes, &size, &offset);
  if (failure_) std::rethrow_exception(failure_);
  if (code == ARCHIVE_EOF) return std::nullopt;
  if (code != ARCHIVE_OK) refuse();
  return Extent{{static_cast<const char*>(bytes), size}, offset};
}

}  // namespace dockwright
