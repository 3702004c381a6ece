#include "chapters/08-layers/archive_writer.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <sys/stat.h>

#include "common/check.hpp"

namespace dockwright {

namespace {

using Kind = ArchiveEntry::Kind;

/// libarchive takes names for text of the locale, and the C locale knows
/// no ü. The header of PAX is UTF-8, as nearly all names are; those
/// that are not, it marks as binary.
class InUtf8 {
 public:
  InUtf8()
      : utf8_{::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)},
        before_{utf8_ == nullptr ? nullptr : ::uselocale(utf8_)} {}
  InUtf8(InUtf8&&) = delete;
  ~InUtf8() {
    if (utf8_ == nullptr) return;
    ::uselocale(before_);
    ::freelocale(utf8_);
  }

 private:
  locale_t utf8_;
  locale_t before_;
};

unsigned file_type(Kind kind) {
  switch (kind) {
    case Kind::directory:
      return AE_IFDIR;
    case Kind::symlink:
      return AE_IFLNK;
    case Kind::fifo:
      return AE_IFIFO;
    case Kind::character:
      return AE_IFCHR;
    case Kind::block:
      return AE_IFBLK;
    default:
      return AE_IFREG;
  }
}

void describe(archive_entry* raw, const ArchiveEntry& entry) {
  ::archive_entry_copy_pathname(raw, entry.name.c_str());
  ::archive_entry_set_filetype(raw, file_type(entry.kind));
  ::archive_entry_set_perm(raw, entry.mode);
  ::archive_entry_set_uid(raw, entry.user);
  ::archive_entry_set_gid(raw, entry.group);
  ::archive_entry_set_mtime(raw, entry.change_time.tv_sec,
                            entry.change_time.tv_nsec);
  if (entry.kind == Kind::symlink)
    ::archive_entry_copy_symlink(raw, entry.link.c_str());
  if (entry.kind == Kind::hard_link)
    ::archive_entry_copy_hardlink(raw, entry.link.c_str());
  if (entry.kind == Kind::character || entry.kind == Kind::block)
    ::archive_entry_set_rdev(raw, entry.device);
  ::archive_entry_set_size(raw,
                           entry.kind == Kind::file
                               ? static_cast<std::int64_t>(entry.size)
                               : 0);
  for (const auto& [name, value] : entry.attributes)
    ::archive_entry_xattr_add_entry(raw, name.c_str(), value.data(),
                                    value.size());
}

}  // namespace

void ArchiveWriter::Freed::operator()(archive* writer) const {
  // Without this, freeing would write an end, as if all were well.
  ::archive_write_fail(writer);
  ::archive_write_free(writer);
}

ArchiveWriter::ArchiveWriter(Sink& to)
    : to_{to}, writer_{::archive_write_new()} {
  if (writer_ == nullptr) throw std::bad_alloc{};
  archive* const writer = writer_.get();
  expect(::archive_write_set_format_pax_restricted(writer),
         "choose PAX");
  expect(::archive_write_set_format_option(writer, nullptr,
                                           "xattrheader", "SCHILY"),
         "choose how attributes are written");
  expect(::archive_write_set_bytes_in_last_block(writer, 1),
         "choose an end");
  expect(::archive_write_open(writer, this, nullptr, &pass_on, nullptr),
         "begin an archive");
}

ArchiveWriter::~ArchiveWriter() = default;

/// libarchive is C: an exception waits here until it has returned.
ssize_t ArchiveWriter::pass_on(archive* writer, void* self,
                               const void* bytes, std::size_t size) {
  auto* const me = static_cast<ArchiveWriter*>(self);
  try {
    me->to_.write({static_cast<const char*>(bytes), size});
    return static_cast<ssize_t>(size);
  } catch (...) {
    me->failure_ = std::current_exception();
    ::archive_set_error(writer, EIO, "no more can be written");
    return -1;
  }
}

void ArchiveWriter::expect(long result, std::string_view what) {
  if (failure_) std::rethrow_exception(failure_);
  if (result >= ARCHIVE_OK) return;
  const char* const words = ::archive_error_string(writer_.get());
  throw Failure{fmt::format("cannot {}: {}", what,
                            words == nullptr ? "no reason" : words)};
}

void ArchiveWriter::begin(const ArchiveEntry& entry,
                          const std::vector<DataRun>& runs) {
  const InUtf8 names;
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> raw{
      ::archive_entry_new(), &::archive_entry_free};
  if (raw == nullptr) throw std::bad_alloc{};
  describe(raw.get(), entry);
  for (const DataRun& run : runs)
    ::archive_entry_sparse_add_entry(
        raw.get(), static_cast<std::int64_t>(run.offset),
        static_cast<std::int64_t>(run.size));
  const int code = ::archive_write_header(writer_.get(), raw.get());
  // A name that is no text is written as the bytes that it is.
  if (code != ARCHIVE_WARN)
    expect(code,
           fmt::format("write {:?} into the archive", entry.name));
  if (failure_) std::rethrow_exception(failure_);
  ++entries_;
}

void ArchiveWriter::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written =
        ::archive_write_data(writer_.get(), bytes.data(), bytes.size());
    expect(written, "write into the archive");
    if (written == 0)
      throw Failure{"a file has more bytes than it said"};
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void ArchiveWriter::finish() {
  expect(::archive_write_close(writer_.get()), "end the archive");
}

}  // namespace dockwright
