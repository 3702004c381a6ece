#pragma once
// System calls that decide who a process is: its user, its groups. Each is the kernel's
// own call and no more: the C library's setresuid would also tell other threads, and a child that borrows our
// memory must not mistake them for its own.

#include <sys/types.h>

#include <string_view>
#include <vector>

#include "common/unique_fd.hpp"

namespace dockwright::sys {

/// Sets the supplementary groups, all of them. Needs CAP_SETGID. @man{setgroups,2}
void setgroups(const std::vector<gid_t>& groups);

/// Sets the real, the effective and the saved group. @man{setresgid,2}
void setresgid(gid_t group);

/// Sets the real, the effective and the saved user; leaving 0 gives up every capability. @man{setresuid,2}
void setresuid(uid_t user);

/// Gives an open file to a user; its group stays. `name` is what messages call it. @man{fchown,2}
void fchown(int file, uid_t user, std::string_view name);

}  // namespace dockwright::sys
