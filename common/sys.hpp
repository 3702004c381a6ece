#pragma once
// System calls of processes and files, as the stages use them: each checks its result, says what it attempted
// when it fails, and narrates itself for `--explain`. Those that mount are in `sys_mount.hpp`.

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/unique_fd.hpp"

namespace dockwright::sys {

/// Renames the machine, or only the UTS namespace that we are in. At most 64 bytes. @man{sethostname,2}
void sethostname(std::string_view name);

/// The name of the UTS namespace that we are in. @man{gethostname,2}
[[nodiscard]] std::string gethostname();

/// Makes `directory` what `/` means for this process. Needs CAP_SYS_CHROOT. @man{chroot,2}
void chroot(const std::string& directory);

/// Changes the working directory. @man{chdir,2}
void chdir(const std::string& directory);

/// Changes the working directory to an open one; `name` is what messages call it. @man{fchdir,2}
void fchdir(const UniqueFd& directory, std::string_view name);

/// The working directory as a path from the root. It begins with `(unreachable)` when it lies outside
/// (CVE-2024-21626).
/// @man{getcwd,3}
[[nodiscard]] std::string getcwd();

/// Replaces the program of this process; comes back only by throwing. Both vectors are what the program will
/// see.
/// @man{execve,2}
[[noreturn]] void execve(const std::string& path, const std::vector<std::string>& arguments,
                         const std::vector<std::string>& environment);

/// Marks every descriptor from `first` on close-on-exec. @kernel{5.11} @man{close_range,2}
void close_on_exec_from(unsigned first);

/// Closes every descriptor from `first` on: whoever called us may have left some open. @kernel{5.9}
/// @man{close_range,2}
void close_from(unsigned first);

/// The kernel sends `signal` to this process when its parent ends. @man{prctl,2}
void set_parent_death_signal(int signal);

/// Begins a session of its own, without a controlling terminal. @man{setsid,2}
void setsid();

/// Makes `target` mean what `source` means. @man{dup2,2}
void dup2(const UniqueFd& source, int target);

/// Opens a file, close-on-exec always. @man{open,2}
[[nodiscard]] UniqueFd open(const std::string& path, int flags);

/// Makes a directory `name` below an open one. @man{mkdirat,2}
void mkdirat(const UniqueFd& directory, const std::string& name, mode_t mode);

/// Makes a symbolic link `name` below an open directory. @man{symlinkat,2}
void symlinkat(const std::string& target, const UniqueFd& directory, const std::string& name);

/// Makes a character device `name` below an open directory. Needs CAP_MKNOD. @man{mknodat,2}
void mknod_character(const UniqueFd& directory, const std::string& name, mode_t mode, unsigned major,
                     unsigned minor);

/// Makes an empty file `name` below an open directory, if there is none. @man{openat,2}
void make_file(const UniqueFd& directory, const std::string& name, mode_t mode);

/// Sets which permission bits new files do not get. @man{umask,2}
void umask(mode_t mask);

}  // namespace dockwright::sys
