#include "book/workbook/machine.hpp"

#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>

#include "book/workbook/isolation.hpp"
#include "book/workbook/subprocess.hpp"
#include "book/workbook/text.hpp"

namespace dockwright::workbook {

namespace fs = std::filesystem;

Machine Machine::here() {
  std::vector<fs::path> path;
  const char* words = std::getenv("PATH");
  for (const auto& word : split_words(replace_all(words == nullptr ? "/usr/bin:/bin" : words, ":", " ")))
    path.emplace_back(word);
  // Where administration programs live: a user's PATH need not have it.
  const char* root = std::getenv("DOCTOR_ROOT");
  if (root != nullptr && *root != '\0') return {root, path};
  path.insert(path.end(), {"/usr/sbin", "/sbin"});
  return {"/", path};
}

fs::path Machine::file(const std::string& absolute) const {
  return root_ / fs::path{absolute}.relative_path();
}

bool Machine::has_file(const std::string& absolute) const {
  std::error_code unknown;
  return fs::exists(file(absolute), unknown);
}

fs::path Machine::program(const std::string& name) const {
  for (const auto& directory : path_)
    if (const auto candidate = directory / name; ::access(candidate.c_str(), X_OK) == 0) return candidate;
  return {};
}

std::string Machine::first_line(const std::string& absolute) const {
  if (!has_file(absolute)) return "";
  const auto lines = split_lines(read_file(file(absolute)));
  return lines.empty() ? "" : trim(lines.front());
}

Machine::CgroupMode Machine::cgroup_mode() const {
  if (has_file("/sys/fs/cgroup/cgroup.controllers")) return CgroupMode::v2;
  if (has_file("/sys/fs/cgroup/unified/cgroup.controllers")) return CgroupMode::hybrid;
  if (has_file("/sys/fs/cgroup/memory") || has_file("/sys/fs/cgroup/pids")) return CgroupMode::v1;
  return CgroupMode::none;
}

std::string Machine::no_user_namespaces() const {
  if (!has_file("/proc/self/ns/user")) return "the kernel has no user namespaces";
  if (first_line("/proc/sys/user/max_user_namespaces") == "0") return "user.max_user_namespaces is 0";
  if (first_line("/proc/sys/kernel/unprivileged_userns_clone") == "0")
    return "kernel.unprivileged_userns_clone is 0";
  if (first_line("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1")
    return "AppArmor restricts them (kernel.apparmor_restrict_unprivileged_userns is 1)";
  return "";
}

std::string Machine::kernel() const { return first_line("/proc/sys/kernel/osrelease"); }

bool has_need(const Machine& machine, const std::string& need) {
  if (need == "root") return can_be_root();
  if (need == "userns") return machine.no_user_namespaces().empty();
  if (need == "net") return can_be_root() && !machine.program("ip").empty();
  if (need == "loopback") return can_be_root();
  if (need == "uidmap") return !machine.program("newuidmap").empty();
  if (need == "cgroup2") return machine.cgroup_mode() == Machine::CgroupMode::v2;
  if (need == "landlock")  // its version, if it is built in and switched on
    return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
  if (need == "online")
    return run_program({"bash", "-c", "exec 3<>/dev/tcp/deb.debian.org/80"}).exit_code == 0;
  return false;
}

std::string lacking(const Machine& machine, const std::vector<std::string>& needs) {
  std::string missing;
  for (const auto& need : needs)
    if (!has_need(machine, need)) missing += (missing.empty() ? "" : ", ") + need;
  return missing;
}

}  // namespace dockwright::workbook
