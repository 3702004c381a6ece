// Which chapter brings which option, so that a stage can say more than "unknown option".

#include <fmt/format.h>

#include <array>

#include "common/cli.hpp"
#include "common/nearest.hpp"
#include "common/syscalls.hpp"

namespace dockwright::cli {

namespace {

constexpr std::array kOptions = std::to_array<Later>({
    {"-e", 1},
    {"--env", 1},
    {"-w", 1},
    {"--workdir", 1},
    {"--rootfs", 2},
    {"-h", 3},
    {"--hostname", 3},
    {"--init", 3},
    {"--no-init", 3},
    {"--network", 3},
    {"--net", 3},
    {"-v", 4},
    {"--volume", 4},
    {"--mount", 4},
    {"--tmpfs", 4},
    {"--read-only", 4},
    {"-t", 4},
    {"--tty", 4},
    {"-i", 4},
    {"--interactive", 4},
    {"-it", 4},
    {"-ti", 4},
    {"-m", 5},
    {"--memory", 5},
    {"--memory-swap", 5},
    {"--memory-reservation", 5},
    {"--cpus", 5},
    {"-c", 5},
    {"--cpu-shares", 5},
    {"--cpu-period", 5},
    {"--cpu-quota", 5},
    {"--cpuset-cpus", 5},
    {"--cpuset-mems", 5},
    {"--pids-limit", 5},
    {"--blkio-weight", 5},
    {"--device-read-bps", 5},
    {"--device-write-bps", 5},
    {"--device-read-iops", 5},
    {"--device-write-iops", 5},
    {"--cgroup-parent", 5},
    {"--cgroupns", 5},
    {"-u", 6},
    {"--user", 6},
    {"--userns", 6},
    {"--group-add", 6},
    {"--uidmap", 6},
    {"--gidmap", 6},
    {"--cap-add", 7},
    {"--cap-drop", 7},
    {"--privileged", 7},
    {"--security-opt", 7},
    {"--device", 7},
    {"--ulimit", 7},
    {"--sysctl", 7},
    {"--oom-score-adj", 7},
    {"--layer", 8},
    {"--upper", 8},
    {"--entrypoint", 9},
    {"--platform", 9},
    {"--rm", 9},
    {"--archive-limit", 9},
    {"--pull", 10},
    {"-d", 13},
    {"--detach", 13},
    {"--name", 13},
    {"--restart", 13},
    {"-l", 13},
    {"--label", 13},
    {"--env-file", 13},
    {"--cidfile", 13},
    {"--stop-timeout", 13},
    {"--stop-signal", 13},
    {"--health-cmd", 13},
    {"--log-driver", 13},
    {"--detach-keys", 13},
    {"-a", 13},
    {"--attach", 13},
    {"--volumes-from", 13},
    {"-p", 14},
    {"--publish", 14},
    {"-P", 14},
    {"--publish-all", 14},
    {"--ip", 14},
    {"--ip6", 14},
    {"--dns", 14},
    {"--add-host", 14},
    {"--mac-address", 14},
    {"--network-alias", 14},
    {"--link", 14},
    {"--runtime", 15},
    {"--annotation", 15},
});

constexpr std::array kCommands = std::to_array<Later>({
    {"run", 1},     {"stats", 5},      {"layer", 8},     {"import", 9},   {"load", 9},     {"save", 9},
    {"images", 9},  {"inspect", 9},    {"history", 9},   {"tag", 9},      {"rmi", 9},      {"image", 9},
    {"commit", 9},  {"export", 9},     {"pull", 10},     {"push", 10},    {"login", 10},   {"logout", 10},
    {"search", 10}, {"manifest", 10},  {"registry", 10}, {"build", 11},   {"builder", 12}, {"create", 13},
    {"start", 13},  {"attach", 13},    {"exec", 13},     {"ps", 13},      {"logs", 13},    {"stop", 13},
    {"kill", 13},   {"restart", 13},   {"pause", 13},    {"unpause", 13}, {"wait", 13},    {"rm", 13},
    {"rename", 13}, {"top", 13},       {"cp", 13},       {"diff", 13},    {"update", 13},  {"events", 13},
    {"volume", 13}, {"container", 13}, {"system", 9},    {"port", 14},    {"network", 14}, {"state", 15},
    {"spec", 15},   {"compose", 16},
});

}  // namespace

std::span<const Later> later_options() noexcept { return kOptions; }
std::span<const Later> later_commands() noexcept { return kCommands; }

std::string unknown_option(int stage, std::string_view option, std::span<const std::string> known) {
  const std::string_view name = option.substr(0, option.find('='));
  for (const Later& later : kOptions)
    if (later.name == name && later.chapter > stage)
      return fmt::format("{} arrives in chapter {} ({})", name, later.chapter, chapter(later.chapter).title);
  return fmt::format("unknown option: {}{}", name, did_you_mean(name, known));
}

}  // namespace dockwright::cli
