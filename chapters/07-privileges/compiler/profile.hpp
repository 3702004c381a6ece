#pragma once
// A profile in Docker's format: which system calls a container may
// make. The same file serves every container; rules say for themselves
// with which capabilities, on which machines and since which kernel
// they hold. Reading it therefore needs to know the circumstances.
//
//     {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1,
//      "syscalls": [
//        {"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"},
//        {"names": ["mount"], "action": "SCMP_ACT_ALLOW",
//         "includes": {"caps": ["CAP_SYS_ADMIN"]}}]}

#include <seccomp.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/07-privileges/capabilities.hpp"

namespace dockwright {

/// For whom a profile is read.
struct Circumstances {
  CapabilitySet capabilities = 0;
  std::uint32_t architecture = 0;  ///< SCMP_ARCH_…
  unsigned kernel = 0;             ///< Major * 1000 + minor.
};

/// This machine, for a container with these capabilities.
[[nodiscard]] Circumstances circumstances_here(CapabilitySet set);

/// One call, under conditions on its arguments that must all be met.
struct Rule {
  std::string call{};
  std::uint32_t action = 0;  ///< SCMP_ACT_…
  std::vector<scmp_arg_cmp> arguments{};
};

/// What is left of a profile in given circumstances.
struct Profile {
  std::uint32_t default_action = 0;
  std::vector<std::uint32_t> more_architectures{};
  unsigned flags = 0;  ///< SECCOMP_FILTER_FLAG_…
  std::vector<Rule> rules{};
  /// Every call that the profile names, whether or not a rule for it
  /// holds here: what lies beyond the newest is unknown to it.
  std::vector<std::string> known{};
  CapabilitySet named{};  ///< On which some rule depends.
};

/// Reads a profile. @throws Failure `NAME:LINE: what is wrong`
[[nodiscard]] Profile read_profile(const std::string& name,
                                   std::string_view text,
                                   const Circumstances& circumstances);

/// Our own profile, seccomp.json, as it was when this was built.
[[nodiscard]] std::string_view default_profile() noexcept;

}  // namespace dockwright
