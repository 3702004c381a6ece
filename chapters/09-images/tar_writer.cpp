#include "chapters/09-images/tar_writer.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <memory>

#include "common/check.hpp"

namespace dockwright {

/// No exception may pass through libarchive: it waits in the writer.
struct TarWriter::Callback {
  static la_ssize_t taken(struct archive* writer, void* self,
                          const void* bytes, std::size_t size) {
    auto& tar = *static_cast<TarWriter*>(self);
    try {
      tar.to_.write({static_cast<const char*>(bytes), size});
      return static_cast<la_ssize_t>(size);
    } catch (...) {
      tar.failed_ = std::current_exception();
      archive_set_error(writer, EIO, "writing failed");
      return -1;
    }
  }
};

namespace {

using Entry =
    std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

Entry entry_of(const std::string& name, unsigned type, mode_t mode) {
  Entry entry{archive_entry_new(), archive_entry_free};
  if (entry == nullptr) throw std::bad_alloc{};
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_filetype(entry.get(), type);
  archive_entry_set_perm(entry.get(), mode);
  archive_entry_set_mtime(entry.get(), 0, 0);
  return entry;
}

}  // namespace

TarWriter::TarWriter(Sink& to) : to_{to}, writer_{archive_write_new()} {
  if (writer_ == nullptr) throw std::bad_alloc{};
  // Plain ustar, and PAX only for what that cannot say (8 GiB and more)
  archive_write_set_format_pax_restricted(writer_);
  archive_write_set_bytes_in_last_block(writer_, 1);
  checked(archive_write_open(writer_, this, nullptr, Callback::taken,
                             nullptr));
}

TarWriter::~TarWriter() {
  // A half-made archive is not to be completed on its way out.
  archive_write_fail(writer_);
  archive_write_free(writer_);
}

void TarWriter::checked(long result) {
  if (failed_) std::rethrow_exception(std::exchange(failed_, nullptr));
  if (result < ARCHIVE_OK && result != ARCHIVE_WARN)
    throw Failure{fmt::format("cannot write the archive: {}",
                              archive_error_string(writer_))};
}

void TarWriter::directory(const std::string& name) {
  checked(archive_write_header(
      writer_, entry_of(name + "/", AE_IFDIR, 0755).get()));
}

void TarWriter::file(const std::string& name, std::uint64_t size) {
  const Entry entry = entry_of(name, AE_IFREG, 0644);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
  checked(archive_write_header(writer_, entry.get()));
}

void TarWriter::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const la_ssize_t taken =
        archive_write_data(writer_, bytes.data(), bytes.size());
    checked(taken);
    if (taken == 0)
      throw Failure{"a file grew while it was put into the archive"};
    bytes.remove_prefix(static_cast<std::size_t>(taken));
  }
}

void TarWriter::finish() { checked(archive_write_close(writer_)); }

}  // namespace dockwright
