#include "tests/bench/contenders.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>
#include <string_view>

namespace dockwright::bench {
namespace {

// Docker's and Podman's profiles refuse some fifty calls and allow the rest; what such a filter costs is its
// length.
constexpr auto kRefused = std::to_array<std::string_view>({"acct",
                                                           "add_key",
                                                           "bpf",
                                                           "delete_module",
                                                           "finit_module",
                                                           "init_module",
                                                           "kexec_load",
                                                           "keyctl",
                                                           "mount",
                                                           "move_pages",
                                                           "open_by_handle_at",
                                                           "perf_event_open",
                                                           "personality",
                                                           "pivot_root",
                                                           "ptrace",
                                                           "reboot",
                                                           "request_key",
                                                           "setns",
                                                           "swapoff",
                                                           "swapon",
                                                           "umount2",
                                                           "unshare",
                                                           "uselib",
                                                           "userfaultfd",
                                                           "vm86",
                                                           "settimeofday",
                                                           "syslog",
                                                           "quotactl"});

bool is_installed(const std::string& program) {
  std::istringstream path{"/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"};
  for (std::string directory; std::getline(path, directory, ':');)
    if (::access((directory + "/" + program).c_str(), X_OK) == 0) return true;
  return false;
}

bool is_refused(std::string_view name) {
  for (const std::string_view refused : kRefused)
    if (name == refused) return true;
  return false;
}

/// The names of this machine's system calls, as its C headers have them, in JSON.
std::string allowed_calls() {
  std::ifstream header{"/usr/include/x86_64-linux-gnu/asm/unistd_64.h"};
  if (!header) header.open("/usr/include/asm-generic/unistd.h");
  std::string names;
  for (std::string line; std::getline(header, line);) {
    std::istringstream words{line};
    std::string define, name;
    words >> define >> name;
    if (define != "#define" || name.rfind("__NR_", 0) != 0) continue;
    name.erase(0, 5);
    if (!is_refused(name)) names += fmt::format("{}\"{}\"", names.empty() ? "" : ",", name);
  }
  return names;
}

/// An OCI bundle with the namespaces that stage 4 has, and the mounts that every engine makes.
std::string make_bundle(const std::string& scratch, const std::string& name, bool filtered) {
  const std::string bundle = scratch + "/" + name;
  ::mkdir(bundle.c_str(), 0755);
  std::ofstream{bundle + "/config.json"} << fmt::format(
      R"({{"ociVersion":"1.0.2","root":{{"path":"{}/root"}},"hostname":"box",
"process":{{"terminal":false,"user":{{"uid":0,"gid":0}},"cwd":"/","args":["/true"],"env":["PATH=/bin"]}},
"mounts":[{{"destination":"/proc","type":"proc","source":"proc"}},
{{"destination":"/dev","type":"tmpfs","source":"tmpfs","options":["nosuid","strictatime","mode=755"]}},
{{"destination":"/dev/pts","type":"devpts","source":"devpts","options":["newinstance","ptmxmode=0666","mode=0620"]}},
{{"destination":"/dev/shm","type":"tmpfs","source":"shm","options":["nosuid","nodev","mode=1777"]}},
{{"destination":"/dev/mqueue","type":"mqueue","source":"mqueue"}},
{{"destination":"/sys","type":"sysfs","source":"sysfs","options":["nosuid","noexec","nodev","ro"]}}],
"linux":{{"namespaces":[{{"type":"pid"}},{{"type":"ipc"}},{{"type":"uts"}},{{"type":"mount"}}],
"maskedPaths":["/proc/kcore","/proc/keys","/proc/timer_list","/sys/firmware"],
"readonlyPaths":["/proc/bus","/proc/fs","/proc/irq","/proc/sys","/proc/sysrq-trigger"]{}}}}})",
      scratch,
      filtered
          ? fmt::format(
                R"(,"seccomp":{{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{{"names":[{}],"action":"SCMP_ACT_ALLOW"}}]}})",
                allowed_calls())
          : "");
  return bundle;
}

void add_engines(const std::string& scratch, std::vector<Contender>& all) {
  const std::string plain = make_bundle(scratch, "plain", false);
  const std::string filtered = make_bundle(scratch, "filtered", true);
  const std::string state = "--root=" + scratch + "/state";  // else they leave a directory in /run
  const auto add = [&](const char* name, std::vector<std::string> command, const std::string& bundle) {
    if (!is_installed(command.front())) return;
    command.insert(command.end(), {state, "run", "--bundle", bundle, "dockwright-bench"});
    all.push_back({name, std::move(command)});
  };
  add("crun run, no seccomp, no cgroups", {"crun", "--cgroup-manager=disabled"}, plain);
  add("crun run, seccomp and cgroups", {"crun", "--cgroup-manager=cgroupfs"}, filtered);
  add("runc run, seccomp and cgroups", {"runc"}, filtered);
}

}  // namespace

std::vector<Contender> contenders(const std::string& scratch) {
  const std::string root = scratch + "/root";
  const auto stage = [&](const std::string& name) { return scratch + "/" + name; };
  std::vector<Contender> all{
      {"bare fork + exec", {root + "/true"}},
      {"stage01", {stage("stage01"), "run", "--", root + "/true"}},
      {"stage02", {stage("stage02"), "run", "--rootfs", root, "--", "/true"}},
      {"stage03", {stage("stage03"), "run", "--rootfs", root, "--", "/true"}},
      {"stage04", {stage("stage04"), "run", "--rootfs", root, "--", "/true"}},
      {"stage04 --network none",
       {stage("stage04"), "run", "--network", "none", "--rootfs", root, "--", "/true"}},
      {"unshare -mpui chroot",
       {"unshare", "--mount", "--pid", "--fork", "--uts", "--ipc", "chroot", root, "/true"}},
  };
  if (is_installed("bwrap"))
    all.push_back(
        {"bwrap --unshare-all",
         {"bwrap", "--unshare-all", "--bind", root, "/", "--proc", "/proc", "--dev", "/dev", "/true"}});
  add_engines(scratch, all);
  return all;
}

}  // namespace dockwright::bench
