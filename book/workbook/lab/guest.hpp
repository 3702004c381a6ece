#pragma once
// What the laboratory's first process is made of. Each part throws what goes wrong; `init.cpp` tells it to
// the workbook and switches the machine off. Everything here runs in the throw-away machine only.

#include <sys/types.h>

#include <string>
#include <string_view>

#include "book/workbook/lab/frames.hpp"
#include "common/unique_fd.hpp"

namespace dockwright::lab {

inline constexpr uid_t kReader = 1000;
inline constexpr const char* kReaderHome = "/home/reader";
inline constexpr const char* kReaderRun = "/run/user/1000";

/// Writes a file in one write, as the kernel's control files want it; makes it if need be.
void write_whole(const std::string& path, std::string_view text, int flags = 0);
/// All of a file.
std::string read_whole(const std::string& path);
/// Makes a directory and those above it.
void make_directories(const std::string& path, mode_t mode = 0755);

// guest_mounts.cpp: the file systems.

/// What must be there before anything can be looked up: /proc, /sys, /dev.
void mount_first();
/// Loads the modules that came with us, in the order of /modules/order.
void load_modules();
/// Makes an overlay of the shared root (or the one that came with us) and memory, and goes into it for good.
void enter_root(const Request& request);
/// The file systems of a running Linux, below the new root.
void mount_rest(const Request& request);

// guest_cgroups.cpp: version 2 alone.

/// Mounts it and hands the controllers to the groups below.
void set_up_cgroups();
/// The group in which a user's command runs, as systemd would delegate it: its path.
std::string delegate_group(uid_t user);

// guest_user.cpp: an ordinary user.

/// Makes the user `reader`, with ranges of ids and a directory for run-time files.
void make_user();
/// Lets every user reach a directory: search permission on all that lead to it.
void open_the_way(const std::string& directory);

// guest_session.cpp: the command.

/// Runs the command, carries its input and output, and returns its exit code.
int run_session(const UniqueFd& port, FrameReader& frames, Request request, const std::string& group);
/// Writes all of it, however long that takes.
void send(const UniqueFd& port, std::string_view bytes);

}  // namespace dockwright::lab
