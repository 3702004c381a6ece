#include "chapters/07-privileges/capabilities.hpp"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/nearest.hpp"

namespace dockwright {

namespace {

/// A capability's number is its place. New ones are added at the end.
constexpr auto kNames = std::to_array<std::string_view>({
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_ADMIN",
    "NET_RAW",
    "IPC_LOCK",
    "IPC_OWNER",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_NICE",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "LEASE",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "SETFCAP",
    "MAC_OVERRIDE",
    "MAC_ADMIN",
    "SYSLOG",
    "WAKE_ALARM",
    "BLOCK_SUSPEND",
    "AUDIT_READ",
    "PERFMON",
    "BPF",
    "CHECKPOINT_RESTORE",
});
static_assert(kNames.size() == CAP_CHECKPOINT_RESTORE + 1);

//! [default]
constexpr auto kDefault = std::to_array<unsigned>({
    CAP_CHOWN,
    CAP_DAC_OVERRIDE,
    CAP_FOWNER,
    CAP_FSETID,
    CAP_KILL,
    CAP_SETGID,
    CAP_SETUID,
    CAP_SETPCAP,
    CAP_NET_BIND_SERVICE,
    CAP_NET_RAW,
    CAP_SYS_CHROOT,
    CAP_MKNOD,
    CAP_AUDIT_WRITE,
    CAP_SETFCAP,
});
//! [default]

CapabilitySet parse_all(const std::vector<std::string>& names) {
  CapabilitySet set = 0;
  for (const std::string& name : names) set |= parse_capability(name);
  return set;
}

/// Those of `names` that are not `ALL`.
CapabilitySet single(const std::vector<std::string>& names) {
  CapabilitySet set = 0;
  for (const std::string& name : names)
    if (const auto one = parse_capability(name);
        one != kEveryCapability)
      set |= one;
  return set;
}

bool names_all(const std::vector<std::string>& names) {
  return parse_all(names) == kEveryCapability;
}

/// The names in `set`, each behind `prefix`, with commas between.
std::string list(CapabilitySet set, std::string_view prefix) {
  std::string names;
  for (unsigned number = 0; number < kNames.size(); ++number) {
    if ((set & one_capability(number)) == 0) continue;
    if (!names.empty()) names += ',';
    names += prefix;
    for (const char c : kNames[number])
      names += static_cast<char>(std::tolower(c));
  }
  return names;
}

}  // namespace

CapabilitySet parse_capability(const std::string& name) {
  std::string upper = name;
  for (char& c : upper)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (upper == "ALL") return kEveryCapability;
  std::string_view plain = upper;
  if (plain.starts_with("CAP_")) plain.remove_prefix(4);
  const auto found = std::find(kNames.begin(), kNames.end(), plain);
  if (found != kNames.end())
    return one_capability(
        static_cast<unsigned>(found - kNames.begin()));
  const std::vector<std::string> known(kNames.begin(), kNames.end());
  throw Failure{
      fmt::format("unknown capability: {}{}", name,
                  did_you_mean(plain, known)),
      Advice{.cure = "capabilities(7) lists them; ALL means every one",
             .chapter = 7,
             .anchor = "ch07-capabilities"}};
}

CapabilitySet default_capabilities() noexcept {
  CapabilitySet set = 0;
  for (const unsigned number : kDefault) set |= one_capability(number);
  return set;
}

CapabilitySet wanted_capabilities(const Spec& spec) {
  if (spec.privileged) return kEveryCapability;
  CapabilitySet set = default_capabilities();
  //! [ex7.1]
  if (names_all(spec.cap_add))
    return kEveryCapability & ~single(spec.cap_drop);
  set = names_all(spec.cap_drop) ? 0 : set & ~single(spec.cap_drop);
  set |= single(spec.cap_add);
  //! [ex7.1]
  return set;
}

CapabilitySet held_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> sets{};
  check_call("capget", ::syscall(SYS_capget, &header, sets.data()),
             "read our own capabilities");
  return sets[0].permitted | CapabilitySet{sets[1].permitted} << 32;
}

CapabilitySet granted_capabilities(const Spec& spec,
                                   CapabilitySet held) {
  const CapabilitySet wanted = wanted_capabilities(spec);
  const CapabilitySet missing = single(spec.cap_add) & wanted & ~held;
  if (missing != 0)
    throw Failure{
        fmt::format("we do not hold {} ourselves, and nobody can hand "
                    "on what he does not have",
                    capability_names(missing)),
        Advice{.cure = "run it as root on the machine itself; "
                       "`capsh --print` shows what you hold",
               .chapter = 7,
               .anchor = "ch07-capabilities"}};
  return wanted & held;
}

std::string capability_names(CapabilitySet set) {
  return list(set, "cap_");
}

//! [bounding]
void drop_bounding_capabilities(CapabilitySet keep) {
  narrate("capset", [&] {  // its section in the book, too
    return explain::Call{
        "prctl(PR_CAPBSET_DROP, each that is not to be there)",
        fmt::format("setpriv --bounding-set=-all{}{} COMMAND",
                    keep == 0 ? "" : ",", list(keep, "+"))};
  });
  for (unsigned number = 0; number < 64; ++number) {
    if ((keep & one_capability(number)) != 0) continue;
    if (::prctl(PR_CAPBSET_DROP, number, 0, 0, 0) == 0) continue;
    if (errno == EINVAL && number > CAP_WAKE_ALARM)
      return;  // this kernel has no more
    throw SystemCallError{"prctl capbset", errno,
                          "lower the bounding set of capabilities"};
  }
}
//! [bounding]

//! [set_capabilities]
void set_capabilities(CapabilitySet set) {
  narrate("capset", [&] {
    return explain::Call{
        fmt::format("capset({{v3, 0}}, {{.effective=.permitted={:#x}, "
                    ".inheritable=0}}) /* {} */",
                    set, set == 0 ? "none" : capability_names(set)),
        "setpriv --inh-caps=-all --ambient-caps=-all COMMAND"};
  });
  //! [ex7.3]
  const auto low = static_cast<std::uint32_t>(set);
  const auto high = static_cast<std::uint32_t>(set >> 32);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const std::array<__user_cap_data_struct, 2> sets = {{
      {.effective = low, .permitted = low, .inheritable = 0},
      {.effective = high, .permitted = high, .inheritable = 0},
  }};
  check_call("capset", ::syscall(SYS_capset, &header, sets.data()),
             "set the capabilities");
  //! [ex7.3]
}
//! [set_capabilities]

}  // namespace dockwright
