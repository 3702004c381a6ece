#include "chapters/05-cgroups/options.hpp"

#include <memory>

#include "chapters/05-cgroups/quantities.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr Range kPeriods{1000,
                         1'000'000};  // microseconds, the kernel's
constexpr Range kQuotas{1000, 1'000'000'000'000};
constexpr Range kShares{2, 262'144};
constexpr Range kWeights{10, 1000};
constexpr Range kPids{-1, 4'194'304};  // the kernel's PID_MAX_LIMIT

/// Reads `/dev/vda:1mb`. @throws Failure
DeviceRate parse_rate(std::string_view option, DeviceRate::Kind kind,
                      const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || text.front() != '/')
    throw Failure{
        fmt::format("{} {}: write it as /dev/DISK:RATE", option, text)};
  const std::string rate = text.substr(colon + 1);
  const bool bytes = kind == DeviceRate::Kind::read_bytes ||
                     kind == DeviceRate::Kind::write_bytes;
  return {.kind = kind,
          .device = text.substr(0, colon),
          .per_second = bytes ? parse_size(option, rate)
                              : static_cast<std::uint64_t>(parse_number(
                                    option, rate, {1, 1'000'000'000}))};
}

/// Reads a name of a group below the top, such as `/lab/room-1`.
std::string parse_parent(const std::string& text) {
  if (text.empty() || text.find("..") != std::string::npos ||
      text.find('\n') != std::string::npos)
    throw Failure{fmt::format(
        "--cgroup-parent '{}': not the path of a group", text)};
  return text;
}

void memory_options(cli::Options& options, Spec& spec) {
  Limits& limits = spec.limits;
  options.each(
      "-m,--memory",
      [&limits](const std::string& text) {
        limits.memory_bytes = parse_size("--memory", text);
      },
      "SIZE", "How much memory it may use, such as 64m");
  options.each(
      "--memory-swap",
      [&limits](const std::string& text) {
        limits.memory_and_swap_bytes =
            text == "-1" ? -1
                         : static_cast<std::int64_t>(
                               parse_size("--memory-swap", text));
      },
      "SIZE",
      "Memory and swap together (default: twice --memory; -1: no "
      "limit)");
  options.each(
      "--memory-reservation",
      [&limits](const std::string& text) {
        limits.memory_reservation_bytes =
            parse_size("--memory-reservation", text);
      },
      "SIZE", "What it keeps when the machine runs short of memory");
}

/// Docker allows one way or the other to say the same.
void one_way_only(bool given) {
  if (given)
    throw Failure{
        "--cpus is --cpu-quota in another unit: give the one or the "
        "other"};
}

void cpu_options(cli::Options& options, Spec& spec) {
  Limits& limits = spec.limits;
  const auto by_cpus = std::make_shared<bool>(false);
  options.each(
      "--cpus",
      [&limits, by_cpus](const std::string& text) {
        one_way_only(!*by_cpus &&
                     (limits.cpu_quota_us || limits.cpu_period_us));
        limits.cpu_quota_us = parse_cpus(text);
        limits.cpu_period_us = 100'000;
        *by_cpus = true;
      },
      "NUMBER", "How many processors' worth of time, such as 0.5");
  options.each(
      "-c,--cpu-shares",
      [&limits](const std::string& text) {
        limits.cpu_shares = static_cast<std::uint64_t>(
            parse_number("--cpu-shares", text, kShares));
      },
      "WEIGHT",
      "Its share when processors are short; ordinary is 1024");
  options.each(
      "--cpu-period",
      [&limits, by_cpus](const std::string& text) {
        one_way_only(*by_cpus);
        limits.cpu_period_us = static_cast<std::uint64_t>(
            parse_number("--cpu-period", text, kPeriods));
      },
      "MICROSECONDS", "How long a period of --cpu-quota is");
  options.each(
      "--cpu-quota",
      [&limits, by_cpus](const std::string& text) {
        one_way_only(*by_cpus);
        limits.cpu_quota_us =
            text == "-1" ? -1
                         : parse_number("--cpu-quota", text, kQuotas);
      },
      "MICROSECONDS", "How long it may run in each period");
  options.each(
      "--cpuset-cpus",
      [&limits](const std::string& text) {
        ignore(
            static_cast<long>(parse_list("--cpuset-cpus", text).size()),
            "only whether it can be read");
        limits.cpuset_cpus = text;
      },
      "LIST", "The processors it may run on, such as 0-2,5");
  options.each(
      "--cpuset-mems",
      [&limits](const std::string& text) {
        ignore(
            static_cast<long>(parse_list("--cpuset-mems", text).size()),
            "only whether it can be read");
        limits.cpuset_mems = text;
      },
      "LIST", "The memory nodes it may use");
}

void disk_options(cli::Options& options, Spec& spec) {
  Limits& limits = spec.limits;
  options.each(
      "--blkio-weight",
      [&limits](const std::string& text) {
        limits.blkio_weight = static_cast<std::uint64_t>(
            parse_number("--blkio-weight", text, kWeights));
      },
      "WEIGHT", "Its share when disks are short, from 10 to 1000");
  const auto rate = [&](const char* option, DeviceRate::Kind kind,
                        const char* help) {
    options.each(
        option,
        [&limits, option, kind](const std::string& text) {
          limits.device_rates.push_back(parse_rate(option, kind, text));
        },
        "DISK:RATE", help);
  };
  using Kind = DeviceRate::Kind;
  rate("--device-read-bps", Kind::read_bytes,
       "Bytes a second it may read from a disk, /dev/vda:1mb");
  rate("--device-write-bps", Kind::write_bytes,
       "Bytes a second it may write to a disk");
  rate("--device-read-iops", Kind::read_operations,
       "Reads a second from a disk, /dev/vda:100");
  rate("--device-write-iops", Kind::write_operations,
       "Writes a second to a disk");
}

CgroupView parse_view(const std::string& text) {
  if (text == "private") return CgroupView::own;
  if (text == "host") return CgroupView::host;
  throw Failure{
      fmt::format("--cgroupns {}: it is private or host", text)};
}

}  // namespace

void limit_options(cli::Options& options, Spec& spec) {
  memory_options(options, spec);
  cpu_options(options, spec);
  options.each(
      "--pids-limit",
      [&spec](const std::string& text) {
        spec.limits.pids = parse_number("--pids-limit", text, kPids);
      },
      "NUMBER",
      "How many processes and threads (default: 2048; -1: no limit)");
  disk_options(options, spec);
  options.each(
      "--cgroup-parent",
      [&spec](const std::string& text) {
        spec.cgroup_parent = parse_parent(text);
      },
      "GROUP", "Below which control group of the host its own is made");
  options.each(
      "--cgroupns",
      [&spec](const std::string& text) {
        spec.cgroup_view = parse_view(text);
      },
      "private|host",
      "Whose tree of groups it sees: its own (default), the host's");
}

}  // namespace dockwright
