#pragma once
// A filter over system calls. The kernel has some 350 of them, a
// program uses a few dozen, and the bugs are in the others. A filter is
// a small program that the kernel runs before each call; it sees the
// number and the arguments (not what they point to) and answers: allow,
// an error, or death. It is inherited by every child, and can only be
// made stricter. @man{seccomp,2}
//
// Ours is made from a profile in Docker's format, seccomp.json. That
// takes libseccomp some milliseconds, too long for every start: so the
// default filter was compiled when this program was built.

#include <linux/filter.h>

#include <span>
#include <string_view>
#include <vector>

#include "chapters/07-privileges/capabilities.hpp"
#include "common/spec.hpp"

namespace dockwright {

/// A filter that is ready to be loaded.
struct SystemCallFilter {
  std::vector<sock_filter> made{};  ///< For this container alone, or
  std::span<const sock_filter> built_in{};  ///< as we were built.
  unsigned flags = 0;                       ///< SECCOMP_FILTER_FLAG_…
  [[nodiscard]] std::span<const sock_filter> program() const noexcept {
    return made.empty() ? built_in : std::span{made};
  }
};

/// The filter for a container with these capabilities; an empty one for
/// `unconfined`. One that was not built in is compiled by the program
/// `seccomp-compile`, which stands beside this one. On the host, before
/// the container is made.
/// @throws Failure with file, line and cause
[[nodiscard]] SystemCallFilter open_filter(const Spec& spec,
                                           CapabilitySet capabilities);

/// No program that runs from here on gains privileges by exec: neither
/// a setuid bit nor a file's capabilities count. @man{prctl,2}
void forbid_new_privileges();

/// Puts the filter in force, for good. Needs CAP_SYS_ADMIN, or that new
/// privileges are forbidden: else a filter could make a setuid program
/// fail where it must not.
void load_filter(const SystemCallFilter& filter);

/// What the build made of seccomp.json.
struct BuiltIn {
  std::span<const sock_filter> ordinary;  ///< Default capabilities.
  std::span<const sock_filter> bare;      ///< None that it names.
  CapabilitySet named;  ///< Those that change something in the filter.
  std::string_view compiler;  ///< Where `seccomp-compile` was built.
};
[[nodiscard]] const BuiltIn& built_in_filters() noexcept;

}  // namespace dockwright
