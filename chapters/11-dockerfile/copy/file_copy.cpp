#include "chapters/11-dockerfile/copy/file_copy.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <vector>

#include "chapters/08-layers/attributes.hpp"
#include "chapters/08-layers/listing.hpp"
#include "common/check.hpp"
#include "common/files.hpp"

namespace dockwright {

namespace {

constexpr off_t kSmall = 128 << 10;
constexpr std::size_t kPiece = 1U << 30U;
constexpr off_t kBlock = 512;

void copy_small(const UniqueFd& from, const UniqueFd& to,
                const std::string& path) {
  static thread_local std::array<char, kSmall> block;
  for (;;) {
    const auto size = check_call(
        "read", retry([&] {
          return ::read(from.get(), block.data(), block.size());
        }),
        "read {:.200}", path);
    if (size == 0) return;
    files::write_all(to, {block.data(), static_cast<std::size_t>(size)},
                     path);
  }
}

/// `size` bytes from where both stand; less where the file ends.
void copy_piece(const UniqueFd& from, const UniqueFd& to, off_t size,
                const std::string& path) {
  bool ranges = true;
  while (size > 0) {
    const std::size_t piece =
        std::min(static_cast<std::size_t>(size), kPiece);
    ssize_t copied = -1;
    if (ranges) {
      copied = retry([&] {
        return ::copy_file_range(from.get(), nullptr, to.get(), nullptr,
                                 piece, 0);
      });
      // Between two file systems, or on one that cannot.
      if (copied <= 0) ranges = false;
    }
    if (!ranges)
      copied = check_call("sendfile", retry([&] {
                            return ::sendfile(to.get(), from.get(),
                                              nullptr, piece);
                          }),
                          "copy {:.200}", path);
    if (copied == 0) return;
    size -= copied;
  }
}

void copy_with_holes(const UniqueFd& from, const UniqueFd& to,
                     off_t size, const std::string& path) {
  for (off_t at = 0; at < size;) {
    const off_t data = ::lseek(from.get(), at, SEEK_DATA);
    if (data == -1) break;  // a hole up to the end
    const off_t end = ::lseek(from.get(), data, SEEK_HOLE);
    if (end == -1) break;
    check_call("lseek", ::lseek(from.get(), data, SEEK_SET),
               "go to the data of {:.200}", path);
    check_call("lseek", ::lseek(to.get(), data, SEEK_SET),
               "leave a hole in {:.200}", path);
    copy_piece(from, to, end - data, path);
    at = end;
  }
  check_call("ftruncate", ::ftruncate(to.get(), size),
             "set the size of {:.200}", path);
}

}  // namespace

void copy_bytes(const UniqueFd& from, const UniqueFd& to,
                const struct stat& status, const std::string& path) {
  if (status.st_size <= kSmall) return copy_small(from, to, path);
  if (::ioctl(to.get(), FICLONE, from.get()) == 0) return;
  if (status.st_blocks * kBlock < status.st_size)
    return copy_with_holes(from, to, status.st_size, path);
  copy_piece(from, to, status.st_size, path);
}

void copy_attributes(const UniqueFd& from, const UniqueFd& to,
                     const std::string& path) {
  // Most files have none; one call tells.
  if (::flistxattr(from.get(), nullptr, 0) <= 0) return;
  for (const auto& [name, value] : read_attributes(from, path)) {
    if (attribute_rule(name) != AttributeRule::keep) continue;
    check_call("fsetxattr",
               ::fsetxattr(to.get(), name.c_str(), value.data(),
                           value.size(), 0),
               "set the attribute {} of {:.200}", name, path);
  }
}

}  // namespace dockwright
