#include "common/sys_user.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <string>

#include "common/check.hpp"
#include "common/explain.hpp"

namespace dockwright::sys {

using explain::Call;

void setgroups(const std::vector<gid_t>& groups) {
  const auto joined = [&](std::string_view separator) {
    std::string words;
    for (const gid_t group : groups) words += fmt::format("{}{}", words.empty() ? "" : separator, group);
    return words;
  };
  narrate("setgroups", [&] {
    return Call{fmt::format("setgroups({}, [{}])", groups.size(), joined(", ")),
                groups.empty() ? std::string{"setpriv --clear-groups …"}
                               : fmt::format("setpriv --groups {} …", joined(","))};
  });
  check_call("setgroups", ::syscall(SYS_setgroups, groups.size(), groups.data()), "set the groups to [{}]",
             joined(", "));
}

void setresgid(gid_t group) {
  narrate("setresgid", [&] {
    return Call{fmt::format("setresgid({0}, {0}, {0})", group), fmt::format("setpriv --regid {} …", group)};
  });
  check_call("setresgid", ::syscall(SYS_setresgid, group, group, group), "become group {}", group);
}

void setresuid(uid_t user) {
  narrate("setresuid", [&] {
    return Call{fmt::format("setresuid({0}, {0}, {0})", user), fmt::format("setpriv --reuid {} …", user)};
  });
  check_call("setresuid", ::syscall(SYS_setresuid, user, user, user), "become user {}", user);
}

void fchown(int file, uid_t user, std::string_view name) {
  narrate("fchown", [&] {
    return Call{fmt::format("fchown({} /* {} */, {}, -1)", file, name, user),
                fmt::format("chown {} {}", user, explain::shell_place(name))};
  });
  check_call("fchown", ::fchown(file, user, static_cast<gid_t>(-1)), "give {} to user {}", name, user);
}

}  // namespace dockwright::sys
