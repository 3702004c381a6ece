#pragma once
// Files that are no files: the kernel's settings and figures in /proc, /sys and the tree of control groups.
// Each is read whole, and written by one write(2), for every write is a command of its own.

#include <string>
#include <string_view>

#include "common/unique_fd.hpp"

namespace dockwright::sys {

/// Where a setting is written: the file `name` of an open directory; `place` is what messages and `--explain`
/// call that directory, such as `/sys/fs/cgroup/box`.
struct SettingPlace {
  const UniqueFd& directory;
  std::string_view place;
  const std::string& name;
};

/// Writes `value` into a setting of the kernel; tells it as `echo VALUE > FILE`. @man{write,2} @throws
/// SystemCallError
void write_setting(const SettingPlace& where, std::string_view value);

/// As above, into a setting that is open already.
void write_setting(const UniqueFd& file, std::string_view path, std::string_view value);

/// All of a small file, without the newline at its end; at most 64 KiB. @throws SystemCallError
[[nodiscard]] std::string read_file(const std::string& path);

/// All of the file `name` of an open directory, likewise; empty when it is not there.
[[nodiscard]] std::string read_file_at(const UniqueFd& directory, const std::string& name);

/// Makes new namespaces for this process (CLONE_NEW…). @man{unshare,2}
void unshare(int namespaces);

}  // namespace dockwright::sys
