#include "chapters/05-cgroups/limits.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>

#include "chapters/05-cgroups/quantities.hpp"
#include "common/check.hpp"
#include "common/sys_file.hpp"

namespace dockwright {

namespace {

constexpr std::uint64_t kLeastMemory = 6 << 20;  // Docker's, too
constexpr std::uint64_t kPeriod = 100'000;       // the kernel's default

void check_memory(const Limits& limits) {
  const auto memory = limits.memory_bytes;
  if (memory && *memory < kLeastMemory)
    throw Failure{fmt::format(
        "--memory {}: minimum memory limit allowed is 6MB: the "
        "program, its stack and the kernel's notes about them need it",
        human_size(*memory))};
  if (const auto both = limits.memory_and_swap_bytes; both) {
    if (!memory)
      throw Failure{
          "--memory-swap is memory and swap together: it needs "
          "--memory"};
    if (*both >= 0 && static_cast<std::uint64_t>(*both) < *memory)
      throw Failure{
          "--memory-swap is memory and swap together: it cannot be "
          "smaller than --memory"};
  }
  if (const auto kept = limits.memory_reservation_bytes;
      kept && memory && *kept > *memory)
    throw Failure{
        "minimum memory limit can not be less than memory reservation "
        "limit (--memory and --memory-reservation)"};
}

void check_set(std::string_view option, const std::string& asked,
               const char* available) {
  if (asked.empty()) return;
  const std::vector<unsigned> here =
      parse_list(available, sys::read_file(available));
  for (const unsigned number : parse_list(option, asked))
    if (std::find(here.begin(), here.end(), number) == here.end())
      throw Failure{fmt::format(
          "{} {}: number {} is not available, there is {} (see {})",
          option, asked, number, sys::read_file(available), available)};
}

/// `8:0`, by which the kernel knows a disk.
std::string device_number(const DeviceRate& rate) {
  struct stat status {};
  check_call("stat device", ::stat(rate.device.c_str(), &status),
             "look at the device {}", rate.device);
  if (!S_ISBLK(status.st_mode))
    throw Failure{fmt::format(
        "{} is not a block device: only a disk has such a limit",
        rate.device)};
  return fmt::format("{}:{}", major(status.st_rdev),
                     minor(status.st_rdev));
}

/// The two tables' words for the kinds of DeviceRate, in their order.
struct RateWords {
  const char* option;
  const char* v1_file;
  const char* v2_key;
};
constexpr RateWords kRates[] = {
    {"--device-read-bps", "blkio.throttle.read_bps_device", "rbps"},
    {"--device-write-bps", "blkio.throttle.write_bps_device", "wbps"},
    {"--device-read-iops", "blkio.throttle.read_iops_device", "riops"},
    {"--device-write-iops", "blkio.throttle.write_iops_device",
     "wiops"},
};

const RateWords& words_of(const DeviceRate& rate) {
  return kRates[static_cast<std::size_t>(rate.kind)];
}

/// Where only memory is limited, Docker allows as much swap again.
std::int64_t memory_and_swap(const Limits& limits) {
  return limits.memory_and_swap_bytes.value_or(
      static_cast<std::int64_t>(2 * *limits.memory_bytes));
}

std::string number_or(std::int64_t number, const char* unlimited) {
  return number < 0 ? unlimited : std::to_string(number);
}

/// The one line that is the same in both versions. 0 and -1 lift the
/// limit, as with Docker.
Setting pids_setting(const Limits& limits) {
  //! [ex5.1]
  const std::int64_t pids = limits.pids.value_or(kDefaultPids);
  return {.controller = "pids",
          .file = "pids.max",
          .value = number_or(pids > 0 ? pids : -1, "max"),
          .option = "--pids-limit"};
  //! [ex5.1]
}

}  // namespace

void check_limits(const Limits& limits) {
  check_memory(limits);
  check_set("--cpuset-cpus", limits.cpuset_cpus,
            "/sys/devices/system/cpu/online");
  check_set("--cpuset-mems", limits.cpuset_mems,
            "/sys/devices/system/node/online");
}

bool any(const Limits& limits) { return limits != Limits{}; }

std::vector<Setting> settings_v2(const Limits& limits) {
  std::vector<Setting> settings;
  const auto add = [&](Setting setting) {
    settings.push_back(std::move(setting));
  };
  //! [settings_v2]
  add(pids_setting(limits));
  if (const auto memory = limits.memory_bytes) {
    add({.controller = "memory",
         .file = "memory.max",
         .value = std::to_string(*memory),
         .option = "--memory"});
    const std::int64_t both = memory_and_swap(limits);
    add({.controller = "memory",
         .file = "memory.swap.max",
         .value = number_or(
             both < 0 ? -1 : both - static_cast<std::int64_t>(*memory),
             "max"),
         .option = "--memory-swap",
         .needed = limits.memory_and_swap_bytes.has_value()});
  }
  if (const auto quota = limits.cpu_quota_us;
      quota || limits.cpu_period_us)
    add({.controller = "cpu",
         .file = "cpu.max",
         .value =
             fmt::format("{} {}", number_or(quota.value_or(-1), "max"),
                         limits.cpu_period_us.value_or(kPeriod)),
         .option = "--cpus"});
  //! [settings_v2]
  if (const auto kept = limits.memory_reservation_bytes)
    add({.controller = "memory",
         .file = "memory.low",
         .value = std::to_string(*kept),
         .option = "--memory-reservation"});
  // 2 to 262144, and 1024 in the middle, became 1 to 10000.
  if (const auto shares = limits.cpu_shares)
    add({.controller = "cpu",
         .file = "cpu.weight",
         .value = std::to_string(1 + (*shares - 2) * 9999 / 262142),
         .option = "--cpu-shares"});
  if (!limits.cpuset_cpus.empty())
    add({.controller = "cpuset",
         .file = "cpuset.cpus",
         .value = limits.cpuset_cpus,
         .option = "--cpuset-cpus"});
  if (!limits.cpuset_mems.empty())
    add({.controller = "cpuset",
         .file = "cpuset.mems",
         .value = limits.cpuset_mems,
         .option = "--cpuset-mems"});
  if (const auto weight = limits.blkio_weight)
    add({.controller = "io",
         .file = "io.weight",
         .value = std::to_string(1 + (*weight - 10) * 9999 / 990),
         .option = "--blkio-weight"});
  for (const DeviceRate& rate : limits.device_rates)
    add({.controller = "io",
         .file = "io.max",
         .value = fmt::format("{} {}={}", device_number(rate),
                              words_of(rate).v2_key, rate.per_second),
         .option = words_of(rate).option});
  return settings;
}

std::vector<Setting> settings_v1(const Limits& limits) {
  std::vector<Setting> settings;
  const auto add = [&](Setting setting) {
    settings.push_back(std::move(setting));
  };
  add(pids_setting(limits));
  if (const auto memory = limits.memory_bytes) {
    add({.controller = "memory",
         .file = "memory.limit_in_bytes",
         .value = std::to_string(*memory),
         .option = "--memory"});
    add({.controller = "memory",
         .file = "memory.memsw.limit_in_bytes",
         .value = std::to_string(memory_and_swap(limits)),
         .option = "--memory-swap",
         .needed = limits.memory_and_swap_bytes.has_value()});
  }
  if (const auto kept = limits.memory_reservation_bytes)
    add({.controller = "memory",
         .file = "memory.soft_limit_in_bytes",
         .value = std::to_string(*kept),
         .option = "--memory-reservation"});
  if (const auto period = limits.cpu_period_us)
    add({.controller = "cpu",
         .file = "cpu.cfs_period_us",
         .value = std::to_string(*period),
         .option = "--cpu-period"});
  if (const auto quota = limits.cpu_quota_us)
    add({.controller = "cpu",
         .file = "cpu.cfs_quota_us",
         .value = std::to_string(*quota),
         .option = "--cpus"});
  if (const auto shares = limits.cpu_shares)
    add({.controller = "cpu",
         .file = "cpu.shares",
         .value = std::to_string(*shares),
         .option = "--cpu-shares"});
  if (!limits.cpuset_mems.empty())
    add({.controller = "cpuset",
         .file = "cpuset.mems",
         .value = limits.cpuset_mems,
         .option = "--cpuset-mems"});
  if (!limits.cpuset_cpus.empty())
    add({.controller = "cpuset",
         .file = "cpuset.cpus",
         .value = limits.cpuset_cpus,
         .option = "--cpuset-cpus"});
  if (const auto weight = limits.blkio_weight)
    add({.controller = "blkio",
         .file = "blkio.bfq.weight",
         .value = std::to_string(*weight),
         .option = "--blkio-weight"});
  for (const DeviceRate& rate : limits.device_rates)
    add({.controller = "blkio",
         .file = words_of(rate).v1_file,
         .value =
             fmt::format("{} {}", device_number(rate), rate.per_second),
         .option = words_of(rate).option});
  return settings;
}

}  // namespace dockwright
