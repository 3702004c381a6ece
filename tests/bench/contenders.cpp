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

/// The capabilities that Docker leaves to root.
constexpr std::string_view kCapabilities =
    R"("CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_FOWNER","CAP_FSETID","CAP_KILL","CAP_SETGID","CAP_SETUID","CAP_SETPCAP",)"
    R"("CAP_NET_BIND_SERVICE","CAP_NET_RAW","CAP_SYS_CHROOT","CAP_MKNOD","CAP_AUDIT_WRITE","CAP_SETFCAP")";

/// How much of the surroundings a bundle asks for.
enum class Bundle {
  plain,     ///< The namespaces, mounts and masks that stage 4 has.
  filtered,  ///< And a filter of system calls.
  complete,  ///< What stage 7 has: limits, capabilities, a filter, no new privileges.
};

std::string process_part(Bundle kind) {
  if (kind != Bundle::complete) return "";
  return fmt::format(
      R"(,"noNewPrivileges":true,"capabilities":{{"bounding":[{0}],"effective":[{0}],"permitted":[{0}]}},)"
      R"("rlimits":[{{"type":"RLIMIT_NOFILE","soft":1024,"hard":1024}}])",
      kCapabilities);
}

std::string linux_part(Bundle kind) {
  std::string text;
  if (kind != Bundle::plain)
    text +=
        fmt::format(R"(,"seccomp":{{"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86_64"],)"
                    R"("syscalls":[{{"names":[{}],"action":"SCMP_ACT_ALLOW"}}]}})",
                    allowed_calls());
  if (kind == Bundle::complete)
    text += R"(,"resources":{"memory":{"limit":67108864,"swap":134217728},"pids":{"limit":100},)"
            R"("cpu":{"quota":100000,"period":100000}})";
  return text;
}

/// An OCI bundle that runs /true in the scratch directory's root.
std::string make_bundle(const std::string& scratch, const std::string& name, Bundle kind) {
  const std::string bundle = scratch + "/" + name;
  const bool complete = kind == Bundle::complete;
  ::mkdir(bundle.c_str(), 0755);
  std::ofstream{bundle + "/config.json"} << fmt::format(
      R"({{"ociVersion":"1.0.2","root":{{"path":"{}/root"}},"hostname":"box",
"process":{{"terminal":false,"user":{{"uid":0,"gid":0}},"cwd":"/","args":["/true"],"env":["PATH=/bin"]{}}},
"mounts":[{{"destination":"/proc","type":"proc","source":"proc"}},
{{"destination":"/dev","type":"tmpfs","source":"tmpfs","options":["nosuid","strictatime","mode=755"]}},
{{"destination":"/dev/pts","type":"devpts","source":"devpts","options":["newinstance","ptmxmode=0666","mode=0620"]}},
{{"destination":"/dev/shm","type":"tmpfs","source":"shm","options":["nosuid","nodev","mode=1777"]}},
{{"destination":"/dev/mqueue","type":"mqueue","source":"mqueue"}},
{{"destination":"/sys","type":"sysfs","source":"sysfs","options":["nosuid","noexec","nodev","ro"]}}{}],
"linux":{{"namespaces":[{{"type":"pid"}},{{"type":"ipc"}},{{"type":"uts"}},{{"type":"mount"}}{}],
"maskedPaths":["/proc/acpi","/proc/asound","/proc/interrupts","/proc/kcore","/proc/keys","/proc/latency_stats",
"/proc/sched_debug","/proc/scsi","/proc/timer_list","/proc/timer_stats","/sys/firmware","/sys/devices/virtual/powercap"],
"readonlyPaths":["/proc/bus","/proc/fs","/proc/irq","/proc/sys","/proc/sysrq-trigger"]{}}}}})",
      scratch, process_part(kind),
      complete
          ? R"(,{"destination":"/sys/fs/cgroup","type":"cgroup","source":"cgroup","options":["nosuid","noexec","nodev","ro"]})"
          : "",
      complete ? R"(,{"type":"cgroup"})" : "", linux_part(kind));
  return bundle;
}

void add_engines(const std::string& scratch, std::vector<Contender>& all) {
  const std::string plain = make_bundle(scratch, "plain", Bundle::plain);
  const std::string filtered = make_bundle(scratch, "filtered", Bundle::filtered);
  const std::string complete = make_bundle(scratch, "complete", Bundle::complete);
  const std::string state = "--root=" + scratch + "/state";  // else they leave a directory in /run
  const auto add = [&](const char* name, std::vector<std::string> command, const std::string& bundle) {
    if (!is_installed(command.front())) return;
    command.insert(command.end(), {state, "run", "--bundle", bundle, "bench-of-dockwright"});
    all.push_back({name, std::move(command)});
  };
  add("crun run, no seccomp, no cgroups", {"crun", "--cgroup-manager=disabled"}, plain);
  add("crun run, seccomp and cgroups", {"crun", "--cgroup-manager=cgroupfs"}, filtered);
  add("crun run, all of it", {"crun", "--cgroup-manager=cgroupfs"}, complete);
  add("runc run, all of it", {"runc"}, complete);
}

}  // namespace

std::vector<Contender> contenders(const std::string& scratch, const std::vector<std::string>& stages) {
  const std::string root = scratch + "/root";
  const auto stage = [&](const std::string& name) { return scratch + "/" + name; };
  const std::vector<std::string> limits = {"--memory", "64m", "--cpus", "1", "--pids-limit", "100"};
  const auto command = [&](const std::string& name, std::vector<std::string> options) {
    options.insert(options.begin(), {stage(name), "run"});
    options.insert(options.end(), {"--rootfs", root, "--", "/true"});
    return options;
  };
  std::vector<Contender> all{{"bare fork + exec", {root + "/true"}},
                             {"stage01", {stage("stage01"), "run", "--", root + "/true"}}};
  for (const std::string& name : stages)
    if (name != "stage01") all.push_back({name, command(name, {})});
  all.push_back({"stage04 --network none", command("stage04", {"--network", "none"})});
  if (stages.back() >= "stage05") all.push_back({"stage05, limits", command("stage05", limits)});
  if (stages.back() >= "stage07") {
    std::vector<std::string> everything = limits;
    everything.insert(everything.end(), {"--ulimit", "nofile=1024"});
    all.push_back({"stage07, all of it", command("stage07", everything)});
  }
  if (stages.back() >= "stage08") {
    const auto on_layers = [&](std::vector<std::string> words) {
      *(words.end() - 3) += ":O";  // the root
      return words;
    };
    std::vector<std::string> everything = limits;
    everything.insert(everything.end(), {"--ulimit", "nofile=1024"});
    all.push_back({"stage08 on a layer", on_layers(command("stage08", {}))});
    all.push_back({"stage08 on a layer, all of it", on_layers(command("stage08", everything))});
  }
  all.push_back({"unshare -mpui chroot",
                 {"unshare", "--mount", "--pid", "--fork", "--uts", "--ipc", "chroot", root, "/true"}});
  if (is_installed("bwrap"))
    all.push_back(
        {"bwrap --unshare-all",
         {"bwrap", "--unshare-all", "--bind", root, "/", "--proc", "/proc", "--dev", "/dev", "/true"}});
  add_engines(scratch, all);
  return all;
}

}  // namespace dockwright::bench
