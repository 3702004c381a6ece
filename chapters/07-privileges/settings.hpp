#pragma once
// Smaller settings of a process and of its namespaces: how many files
// it may open (`--ulimit`), how gladly the kernel kills it when memory
// is short (`--oom-score-adj`), and the settings of the kernel that
// exist once for each namespace (`--sysctl`).

#include <string>
#include <utility>

#include "common/spec.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

/// Reads Docker's `--ulimit NAME=SOFT[:HARD]`; `unlimited` or -1 is no
/// limit. @throws Failure
[[nodiscard]] ResourceLimit parse_limit(const std::string& text);

/// On the host: `check_sysctls`, and lifts our own hard limits where a
/// container is to have more, for inside a user namespace nobody may.
void prepare_settings(const Spec& spec);
/// In the command: its limits. @man{setrlimit,2}
void set_limits(const Spec& spec);

/// In the container, while the host's /proc is in sight.
void set_oom_score(const Spec& spec);

/// Reads Docker's `--sysctl NAME=VALUE`. @throws Failure when the
/// setting is not one of a namespace
[[nodiscard]] std::pair<std::string, std::string> parse_sysctl(
    const std::string& text);

/// Refuses settings of a namespace that the container shares with the
/// host. @throws Failure
void check_sysctls(const Spec& spec);
/// Writes them in the container's own /proc, before it is masked.
/// @cve{2025-52881} what is written to is checked to be procfs
void write_sysctls(const UniqueFd& root, const Spec& spec);

}  // namespace dockwright
