// The compiler of chapter 7: what a profile says, and what the filter made of it answers. Each answer is
// asked of a machine in slow motion (bpf.hpp), and some of the kernel itself, in a child.

#include <linux/audit.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "chapters/07-privileges/compiler/filter.hpp"
#include "chapters/07-privileges/compiler/profile.hpp"
#include "chapters/07-privileges/compiler/shorten.hpp"
#include "chapters/07-privileges/seccomp.hpp"
#include "common/check.hpp"
#include "tests/unit/bpf.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

using Filter = std::vector<sock_filter>;

constexpr std::uint32_t kAllowed = SECCOMP_RET_ALLOW;
constexpr std::uint32_t kRefused = SECCOMP_RET_ERRNO | EPERM;
constexpr std::uint32_t kUnknown = SECCOMP_RET_ERRNO | ENOSYS;
constexpr std::uint32_t kDeath = SECCOMP_RET_KILL_PROCESS;

Circumstances here(CapabilitySet capabilities) {
  return {.capabilities = capabilities, .architecture = seccomp_arch_native(), .kernel = 5012};
}

Filter filter_of(std::string_view text, CapabilitySet capabilities = default_capabilities()) {
  return make_filter(read_profile("p.json", text, here(capabilities)));
}

Filter default_filter(CapabilitySet capabilities = default_capabilities()) {
  return filter_of(default_profile(), capabilities);
}

int number_of(const std::string& call) { return seccomp_syscall_resolve_name(call.c_str()); }

std::uint32_t ask(const Filter& filter, int number, std::uint64_t argument = 0) {
  return answer(filter, {.nr = number,
                         .arch = seccomp_arch_native(),
                         .instruction_pointer = 0,
                         .args = {argument, 0, 0, 0, 0, 0}});
}

std::uint32_t ask(const Filter& filter, const char* call, std::uint64_t argument = 0) {
  return ask(filter, number_of(call), argument);
}

std::string refusal(std::string_view text) {
  try {
    static_cast<void>(filter_of(text));
    return "accepted";
  } catch (const Failure& failure) {
    return failure.what();
  }
}

/// A profile that refuses everything but what `rules` say.
std::string profile(const std::string& rules) {
  return "{\"defaultAction\": \"SCMP_ACT_ERRNO\",\n \"syscalls\": [\n" + rules + "]}\n";
}

/// The calls of our profile that are allowed whatever their arguments and circumstances, by its own words.
std::set<std::string> plainly_allowed() {
  std::set<std::string> names;
  const auto document = nlohmann::json::parse(default_profile());
  for (const auto& rule : document["syscalls"])
    if (rule["action"] == "SCMP_ACT_ALLOW" && !rule.contains("args") && !rule.contains("includes"))
      for (const auto& name : rule["names"]) names.insert(name.get<std::string>());
  return names;
}

/// Runs `call` in a child with the default filter in force. Its errno; 0 when it succeeded; minus the signal
/// that ended it.
template <typename Call>
int under_filter(Call&& call) {
  const pid_t child = ::fork();
  if (child == 0) {
    const SystemCallFilter filter{.built_in = built_in_filters().ordinary};
    forbid_new_privileges();
    load_filter(filter);
    errno = 0;
    ::_exit(call() == -1 ? errno : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

TEST_CASE("what the default profile names without conditions is allowed", "[seccomp]") {
  const Filter filter = default_filter();
  const auto names = plainly_allowed();
  REQUIRE(names.size() > 250);
  int tried = 0;
  for (const std::string& name : names) {
    if (number_of(name) < 0) continue;  // another machine's, or newer than libseccomp
    CAPTURE(name);
    CHECK(ask(filter, name.c_str()) == kAllowed);
    ++tried;
  }
  CHECK(tried > 200);
}

TEST_CASE("what broke kernels before is refused by default", "[seccomp][security]") {
  const Filter filter = default_filter();
  for (const char* const call : {"acct",
                                 "add_key",
                                 "bpf",
                                 "clock_settime",
                                 "delete_module",
                                 "fanotify_init",
                                 "finit_module",
                                 "fsconfig",
                                 "fsmount",
                                 "fsopen",
                                 "fspick",
                                 "init_module",
                                 "io_uring_enter",
                                 "io_uring_register",
                                 "io_uring_setup",
                                 "kcmp",
                                 "kexec_file_load",
                                 "kexec_load",
                                 "keyctl",
                                 "lookup_dcookie",
                                 "mbind",
                                 "mount",
                                 "mount_setattr",
                                 "move_mount",
                                 "move_pages",
                                 "nfsservctl",
                                 "open_by_handle_at",
                                 "open_tree",
                                 "perf_event_open",
                                 "pidfd_getfd",
                                 "pivot_root",
                                 "process_madvise",
                                 "quotactl",
                                 "reboot",
                                 "request_key",
                                 "set_mempolicy",
                                 "setdomainname",
                                 "sethostname",
                                 "setns",
                                 "settimeofday",
                                 "swapoff",
                                 "swapon",
                                 "syslog",
                                 "umount2",
                                 "unshare",
                                 "userfaultfd",
                                 "vhangup"}) {
    if (number_of(call) < 0) continue;
    CAPTURE(call);
    CHECK(ask(filter, call) == kRefused);
  }
}

TEST_CASE("every number that the profile does not name is refused or unknown", "[seccomp][security]") {
  const Filter filter = default_filter();
  std::set<int> named;
  for (const std::string& call : read_profile("p", default_profile(), here(0)).known)
    named.insert(number_of(call));
  REQUIRE(named.size() > 250);
  for (int number = 0; number < 2000; ++number) {
    if (named.count(number) > 0) continue;
    CAPTURE(number);
    CHECK(ask(filter, number) == (number > *named.rbegin() ? kUnknown : kRefused));
  }
}

TEST_CASE("a call newer than the profile does not exist, so that programs fall back", "[seccomp]") {
  const Filter filter = default_filter();
  CHECK(ask(filter, 9999) == kUnknown);
  CHECK(ask(filter, 0x3fffffff) == kUnknown);
  CHECK(ask(filter, "clone3") == kUnknown);
}

TEST_CASE("calls of 32-bit and x32 programs end the process", "[seccomp][security]") {
  const Filter filter = default_filter();
  CHECK(answer(filter, {.nr = 20, .arch = AUDIT_ARCH_I386, .instruction_pointer = 0, .args = {}}) == kDeath);
  CHECK(answer(filter, {.nr = 20, .arch = AUDIT_ARCH_ARM, .instruction_pointer = 0, .args = {}}) == kDeath);
#ifdef __x86_64__
  for (const unsigned number : {0x40000000U, 0x40000027U, 0x400001c9U, 0x7fffffffU, 0x80000000U, 0xfffffffeU})
    CHECK(ask(filter, static_cast<int>(number)) == kDeath);
#endif
}

TEST_CASE("clone makes processes, and no namespaces", "[seccomp][security]") {
  const Filter filter = default_filter();
  CHECK(ask(filter, "clone", CLONE_VM | CLONE_VFORK | SIGCHLD) == kAllowed);
  for (const std::uint64_t flag : {CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC,
                                   CLONE_NEWUTS, CLONE_NEWCGROUP}) {
    CHECK(ask(filter, "clone", flag | SIGCHLD) == kRefused);
    CHECK(ask(filter, "clone", flag | CLONE_VM) == kRefused);
  }
}

TEST_CASE("sockets of the network are there, those of the hypervisor and of cryptography are not",
          "[seccomp][security]") {
  const Filter filter = default_filter();
  for (const int family : {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_NFC, 41})
    CHECK(ask(filter, "socket", static_cast<std::uint64_t>(family)) == kAllowed);
  CHECK(ask(filter, "socket", AF_VSOCK) == kRefused);
  CHECK(ask(filter, "socket", AF_ALG) == kRefused);
}

TEST_CASE("a personality that weakens the layout of memory is refused", "[seccomp][security]") {
  const Filter filter = default_filter();
  CHECK(ask(filter, "personality", 0xffffffff) == kAllowed);
  CHECK(ask(filter, "personality", PER_LINUX32) == kAllowed);
  CHECK(ask(filter, "personality", ADDR_NO_RANDOMIZE) == kRefused);
  CHECK(ask(filter, "personality", READ_IMPLIES_EXEC) == kRefused);
}

TEST_CASE("a call comes back with its capability", "[seccomp]") {
  const std::map<std::string, const char*> calls = {
      {"SYS_ADMIN", "mount"}, {"SYS_TIME", "settimeofday"},  {"SYS_BOOT", "reboot"},
      {"SYS_PTRACE", "kcmp"}, {"SYSLOG", "syslog"},          {"BPF", "bpf"},
      {"SYS_NICE", "mbind"},  {"SYS_MODULE", "init_module"},
  };
  for (const auto& [name, call] : calls) {
    CAPTURE(name, call);
    CHECK(ask(default_filter(), call) == kRefused);
    CHECK(ask(default_filter(default_capabilities() | parse_capability(name)), call) == kAllowed);
  }
  const Filter admin = default_filter(parse_capability("SYS_ADMIN"));
  CHECK(ask(admin, "clone", CLONE_NEWUSER) == kAllowed);
  CHECK(ask(admin, "clone3") == kAllowed);
  CHECK(ask(default_filter(0), "chroot") == kRefused);
}

TEST_CASE("the filters that are built in are those that the compiler makes now", "[seccomp]") {
  const auto equal = [](std::span<const sock_filter> a, const Filter& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
  };
  CHECK(equal(built_in_filters().ordinary, default_filter()));
  CHECK(equal(built_in_filters().bare, default_filter(0)));
  // A capability that the profile does not name makes no difference to it.
  CHECK((built_in_filters().named & parse_capability("SYS_ADMIN")) != 0);
  CHECK((built_in_filters().named & parse_capability("NET_ADMIN")) == 0);
  CHECK(equal(built_in_filters().ordinary,
              default_filter(default_capabilities() | parse_capability("NET_ADMIN"))));
}

TEST_CASE("in whatever way it searches, the default filter gives the same answers", "[seccomp][security]") {
  const Profile profile = read_profile("p", default_profile(), here(default_capabilities()));
  const Filter list = make_filter(profile, Search::list);
  const Filter tree = make_filter(profile, Search::tree);
  const Filter ranges = make_filter(profile, Search::ranges);
  CHECK(ranges.size() < list.size());
  CHECK(list.size() < tree.size());
  for (int number = -2000; number < 2000; ++number)
    for (const std::uint64_t argument :
         {0UL, 1UL, 8UL, 38UL, 39UL, 40UL, 0x20008UL, 0x02000011UL, 0x100000000UL, ~0UL}) {
      CAPTURE(number, argument);
      CHECK(ask(ranges, number, argument) == ask(list, number, argument));
      CHECK(ask(tree, number, argument) == ask(list, number, argument));
    }
}

TEST_CASE("a shortened filter answers as the long one does", "[seccomp][security]") {
  // Twice as long as it must be: each answer behind a comparison with one number.
  Filter slow = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0)};
  for (std::uint32_t number = 0; number < 100; ++number) {
    slow.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1));
    slow.push_back(BPF_STMT(BPF_RET | BPF_K, number % 7 < 3 ? kAllowed : kRefused));
  }
  slow.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 100, 0, 3));
  slow.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16));
  slow.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 5, 0, 1));
  slow.push_back(BPF_STMT(BPF_RET | BPF_K, kAllowed));
  slow.push_back(BPF_STMT(BPF_RET | BPF_K, kUnknown));
  const Filter quick = shorten(slow, seccomp_arch_native(), 100);
  REQUIRE(quick.size() < slow.size() / 2);
  for (int number = 0; number < 300; ++number)
    for (const std::uint64_t argument : {0U, 5U}) {
      CAPTURE(number, argument);
      CHECK(ask(quick, number, argument) == ask(slow, number, argument));
    }
}

TEST_CASE("the default filter is short enough to be loaded at every start", "[seccomp]") {
  CHECK(default_filter().size() < 250);
}

TEST_CASE("the kernel agrees with the filter", "[seccomp]") {
  CHECK(under_filter([] { return ::getppid() > 0 ? 0 : -1; }) == 0);
  CHECK(under_filter([] { return ::unshare(CLONE_NEWUSER); }) == EPERM);
  CHECK(under_filter([] { return ::syscall(SYS_keyctl, 0, -3, 0); }) == EPERM);
  CHECK(under_filter([] { return ::syscall(9999); }) == ENOSYS);
  CHECK(under_filter([] { return ::syscall(SYS_clone3, nullptr, 0); }) == ENOSYS);
  CHECK(under_filter([] { return ::socket(AF_ALG, SOCK_SEQPACKET, 0); }) == EPERM);
#ifdef __x86_64__
  CHECK(under_filter([] { return ::syscall(0x40000000 + SYS_getpid); }) == -SIGSYS);
  CHECK(under_filter([] {
          long result = 20;  // getpid, as 32-bit programs number it
          asm volatile("int $0x80" : "+a"(result) : : "memory");
          return result;
        }) == -SIGSYS);
#endif
}

TEST_CASE("a profile that is no JSON is refused with its line", "[seccomp][profile]") {
  CHECK(contains(refusal(""), "p.json:1: "));
  CHECK(contains(refusal("{\n  \"defaultAction\": \"SCMP_ACT_ERRNO\",\n  oops\n}\n"), "p.json:3: "));
  CHECK(contains(refusal("{\n\n"), "p.json:3: "));
  CHECK(contains(refusal("[]"), "p.json:1: an object is expected here"));
  CHECK(contains(refusal(std::string(2'000'000, ' ')), "at most 1048576 bytes"));
  CHECK(contains(refusal(std::string(100'000, '[')), "nested too deeply"));
  CHECK(contains(refusal("{\"defaultAction\": \"\xff\"}"), "p.json:1: "));
}

TEST_CASE("a profile that means nothing is refused with its line", "[seccomp][profile]") {
  CHECK(contains(refusal("{}"), "p.json:1: defaultAction is missing"));
  CHECK(contains(refusal("{\n\"defaultAction\": \"SCMP_ACT_MAYBE\"}"),
                 "p.json:2: /defaultAction: unknown action: SCMP_ACT_MAYBE"));
  CHECK(contains(refusal("{\n\"defaultAction\": 7}"), "p.json:2: /defaultAction: a text is expected here"));
  const auto rule = [](const std::string& text) { return refusal(profile(text)); };
  CHECK(contains(rule("{\"action\": \"SCMP_ACT_ALLOW\"}"), "p.json:3: /syscalls/0: a rule names no call"));
  CHECK(contains(rule("{\"names\": [\"read\"]}"), "p.json:3: /syscalls/0: action is missing"));
  CHECK(
      contains(rule("{\"names\": \"read\", \"action\": \"SCMP_ACT_ALLOW\"}"), "/names: a list is expected"));
  CHECK(contains(rule("{\"names\": [\"read\", 3], \"action\": \"SCMP_ACT_ALLOW\"}"),
                 "/names/1: a text is expected"));
  CHECK(contains(rule("{\"names\": [\"read\"],\n\n\"action\": \"SCMP_ACT_ALLOW\", \"arg\": []}"),
                 "p.json:5: /syscalls/0/arg: nobody knows this key"));
  CHECK(contains(rule("{\"names\": [\"read\"],\n\"names\": [], \"action\": \"SCMP_ACT_ALLOW\"}"),
                 "p.json:4: /syscalls/0/names: this key stands there twice"));
  CHECK(contains(rule("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_NOTIFY\"}"), "unknown action"));
  CHECK(contains(rule("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", \"errnoRet\": 3}"),
                 "have a number"));
  CHECK(contains(rule("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 5000}"),
                 "at most 4095"));
  CHECK(contains(rule("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": -1}"),
                 "a whole number"));
}

TEST_CASE("a condition that means nothing is refused with its line", "[seccomp][profile]") {
  const auto argument = [](const std::string& text) {
    return refusal(
        profile("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\",\n\"args\": [" + text + "]}"));
  };
  CHECK(contains(argument("{\"index\": 6, \"value\": 0, \"op\": \"SCMP_CMP_EQ\"}"),
                 "p.json:4: /syscalls/0/args/0/index: "));
  CHECK(contains(argument("{\"index\": 0, \"value\": 0, \"op\": \"SCMP_CMP_LIKE\"}"), "unknown comparison"));
  CHECK(contains(argument("{\"index\": 0, \"op\": \"SCMP_CMP_EQ\"}"), "value is missing"));
  const auto includes = [](const std::string& text) {
    return refusal(
        profile("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\",\n\"includes\": " + text + "}"));
  };
  CHECK(contains(
      includes("{\"caps\": [\"CAP_SYS_ADMN\"]}"),
      "p.json:4: /syscalls/0/includes/caps/0: unknown capability: CAP_SYS_ADMN; did you mean SYS_ADMIN?"));
  CHECK(contains(includes("{\"minKernel\": \"new\"}"), "as in 4.8"));
  CHECK(contains(includes("{\"moon\": [\"full\"]}"), "nobody knows this key"));
}

TEST_CASE("a call that the library does not know is passed over where that is safe", "[seccomp][profile]") {
  CHECK(refusal(profile(R"({"names": ["read", "no_such_call"], "action": "SCMP_ACT_ALLOW"})")) == "accepted");
  CHECK(contains(refusal("{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [\n"
                         "{\"names\": [\"montu\"], \"action\": \"SCMP_ACT_ERRNO\"}]}"),
                 "p.json:2: /syscalls/0/names/0: montu is to be refused, and there is no such call"));
}

TEST_CASE("a profile's own error numbers and conditions are answered", "[seccomp][profile]") {
  const Filter filter = filter_of(profile(
      R"({"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"},
         {"names": ["chdir"], "action": "SCMP_ACT_ERRNO", "errnoRet": 95},
         {"names": ["kill"], "action": "SCMP_ACT_KILL_PROCESS"},
         {"names": ["umask"], "action": "SCMP_ACT_ALLOW", "args": [
           {"index": 0, "value": 4, "op": "SCMP_CMP_EQ"}, {"index": 0, "value": 9, "op": "SCMP_CMP_GT"}]},
         {"names": ["dup3"], "action": "SCMP_ACT_ALLOW", "includes": {"arches": ["s390x"]}},
         {"names": ["sync"], "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "5.12"}},
         {"names": ["pause", "getppid"], "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "5.13"}})"));
  CHECK(ask(filter, "read") == kAllowed);
  CHECK(ask(filter, "chdir") == (SECCOMP_RET_ERRNO | 95));
  CHECK(ask(filter, "kill") == kDeath);
  CHECK(ask(filter, "umask", 4) == kAllowed);
  CHECK(ask(filter, "umask", 10) == kAllowed);
  CHECK(ask(filter, "umask", 5) == kRefused);
  CHECK(ask(filter, "dup3") == kRefused);
  CHECK(ask(filter, "sync") == kAllowed);
  CHECK(ask(filter, "getppid") == kRefused);
}

TEST_CASE("a profile may allow everything but a few calls, and brings other machines back",
          "[seccomp][profile]") {
  const Filter filter = filter_of(R"({"defaultAction": "SCMP_ACT_ALLOW",
    "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}],
    "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}]})");
  CHECK(ask(filter, "mount") == kRefused);
  CHECK(ask(filter, "read") == kAllowed);
  CHECK(ask(filter, 9999) == kAllowed);
#ifdef __x86_64__
  CHECK(answer(filter, {.nr = 20, .arch = AUDIT_ARCH_I386, .instruction_pointer = 0, .args = {}}) ==
        kAllowed);
  CHECK(answer(filter, {.nr = 21, .arch = AUDIT_ARCH_I386, .instruction_pointer = 0, .args = {}}) ==
        kRefused);
#endif
}
