#pragma once
// Files of our own: read whole, written whole, made beside and renamed, removed with all below them. Every
// path begins at an open directory, and no link is followed.
//
// What a power cut may do: `rename` is atomic for whoever looks, but not by itself durable, and a file that
// was renamed before its bytes were on the disk may be found empty. So the bytes are written out first
// (fdatasync), then the file is renamed, and then the directory is written out, for the name is its content.

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/unique_fd.hpp"

namespace dockwright::files {

/// Whether to wait until the disk has it.
enum class Durability { durable, fleeting };

/// Writes all of it, however many calls it takes; `name` is what messages call the file.
void write_all(const UniqueFd& file, std::string_view bytes, std::string_view name);

/// All of an open file, of at most `limit` bytes. @throws Failure when there is more
[[nodiscard]] std::string read_all(const UniqueFd& file, std::size_t limit, std::string_view name);

/// As above by name, in an open directory; nothing when it is not there.
[[nodiscard]] std::optional<std::string> read_at(const UniqueFd& directory, const std::string& name,
                                                 std::size_t limit);

/// Opens `name` in an open directory; a link is refused (ELOOP). Nothing when it is not there.
[[nodiscard]] std::optional<UniqueFd> try_open_at(const UniqueFd& directory, const std::string& name,
                                                  int flags);

/// A new file with exactly this mode, whatever the umask. It must not be there.
[[nodiscard]] UniqueFd create_at(const UniqueFd& directory, const std::string& name, mode_t mode);

/// The directory `name`, made with exactly this mode if it is not there.
[[nodiscard]] UniqueFd directory_at(const UniqueFd& directory, const std::string& name, mode_t mode);

/// Where a file is half-made, and where and as what it appears.
struct Replacement {
  const UniqueFd& beside;  ///< On the same file system.
  const UniqueFd& directory;
  const std::string& name;
};

/// Makes the file anew: whoever opens it meanwhile has the old one or the new one, whole.
void replace(const Replacement& where, std::string_view bytes, Durability durability = Durability::durable);

/// Moves `from` in one directory to `to` in another. @man{renameat2,2}
struct Move {
  const UniqueFd& from_directory;
  const std::string& from;
  const UniqueFd& to_directory;
  const std::string& to;
};
void rename(const Move& move);
/// As above, but never over something: false when `to` is there.
[[nodiscard]] bool rename_new(const Move& move);

/// Waits until the disk has the file's bytes, or the directory's names. @man{fsync,2}
void sync(const UniqueFd& file, std::string_view name);
/// Waits until the disk has all that was written to this file system. @man{syncfs,2}
void sync_file_system(const UniqueFd& any_file, std::string_view name);

/// Removes the file; false when it is not there.
bool remove_file(const UniqueFd& directory, const std::string& name);

/// Removes a file, or a directory with all below it, however deep; no link is followed and no other file
/// system entered. Nothing happens when it is not there.
void remove_tree(const UniqueFd& directory, const std::string& name);

/// The names in a directory, sorted, without `.` and `..`.
[[nodiscard]] std::vector<std::string> names_in(const UniqueFd& directory);

/// `prefix` and 16 random hexadecimal digits.
[[nodiscard]] std::string unique_name(std::string_view prefix);
/// That many random bytes, in hexadecimal digits.
[[nodiscard]] std::string random_hex(std::size_t bytes);

}  // namespace dockwright::files
