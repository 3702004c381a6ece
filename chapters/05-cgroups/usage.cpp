#include "chapters/05-cgroups/usage.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "chapters/05-cgroups/group.hpp"
#include "common/check.hpp"
#include "common/sys_file.hpp"

namespace dockwright {

namespace {

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Files of one group, in whichever tree they are.
class Files {
 public:
  Files(const Place& place, const std::string& container)
      : place_{place},
        name_{fmt::format("{}{}", kGroupPrefix, container)} {}

  [[nodiscard]] std::string text(std::string_view controller,
                                 const std::string& file) const {
    const UniqueFd group{::open(path(controller).c_str(),
                                O_PATH | O_DIRECTORY | O_CLOEXEC)};
    return group ? sys::read_file_at(group, file) : std::string{};
  }
  /// The number behind `word` in a file of lines; the file itself is a
  /// number where no word is given.
  [[nodiscard]] std::uint64_t figure(std::string_view controller,
                                     const std::string& file,
                                     std::string_view word = {}) const {
    const std::string all = text(controller, file);
    if (word.empty()) return number(all);
    for (std::size_t at = 0; at < all.size();) {
      const std::size_t end = std::min(all.find('\n', at), all.size());
      const std::string_view line{all.data() + at, end - at};
      if (line.starts_with(word) && line.size() > word.size() &&
          line[word.size()] == ' ')
        return number(line.substr(word.size() + 1));
      at = end + 1;
    }
    return 0;
  }
  /// The sum of all numbers that stand behind `word` in a file.
  [[nodiscard]] std::uint64_t sum(std::string_view controller,
                                  const std::string& file,
                                  std::string_view word) const {
    const std::string all = text(controller, file);
    std::uint64_t total = 0;
    for (std::size_t at = all.find(word); at != std::string::npos;
         at = all.find(word, at + 1))
      total += number(std::string_view{all}.substr(at + word.size()));
    return total;
  }

 private:
  [[nodiscard]] std::string path(std::string_view controller) const {
    std::string hierarchy{controller};
    if (place_.version == CgroupVersion::v1)
      for (const std::string& names : hierarchies_v1())
        if (has_word(names, controller)) hierarchy = names;
    return fmt::format("{}{}/{}", tree_path(place_.version, hierarchy),
                       place_.parent, name_);
  }

  const Place& place_;
  std::string name_;
};

/// The program, and not our init before it: of two processes the one
/// that was started second.
std::string command_of(const std::string& members) {
  std::vector<std::uint64_t> numbers;
  for (std::size_t at = 0; at < members.size();) {
    numbers.push_back(number(std::string_view{members}.substr(at)));
    at = std::min(members.find('\n', at), members.size()) + 1;
  }
  if (numbers.empty()) return {};
  std::sort(numbers.begin(), numbers.end());
  const UniqueFd process{::open(
      fmt::format("/proc/{}", numbers[numbers.size() > 1 ? 1 : 0])
          .c_str(),
      O_PATH | O_DIRECTORY | O_CLOEXEC)};
  return process ? sys::read_file_at(process, "comm") : std::string{};
}

std::uint64_t machine_memory() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t less(std::uint64_t whole, std::uint64_t part) {
  return whole > part ? whole - part : 0;
}

void read_v1(const Files& files, Usage& usage) {
  usage.memory_bytes = less(
      files.figure("memory", "memory.usage_in_bytes"),
      files.figure("memory", "memory.stat", "total_inactive_file"));
  usage.memory_limit_bytes =
      files.figure("memory", "memory.limit_in_bytes");
  usage.cpu_us = files.figure("cpuacct", "cpuacct.usage") / 1000;
  const std::string disk = "blkio.throttle.io_service_bytes_recursive";
  usage.read_bytes = files.sum("blkio", disk, "Read ");
  usage.written_bytes = files.sum("blkio", disk, "Write ");
}

void read_v2(const Files& files, Usage& usage) {
  usage.memory_bytes =
      less(files.figure("memory", "memory.current"),
           files.figure("memory", "memory.stat", "inactive_file"));
  usage.memory_limit_bytes = files.figure("memory", "memory.max");
  usage.cpu_us = files.figure("cpu", "cpu.stat", "usage_usec");
  usage.read_bytes = files.sum("io", "io.stat", "rbytes=");
  usage.written_bytes = files.sum("io", "io.stat", "wbytes=");
}

}  // namespace

Place usual_place() {
  const CgroupVersion version = cgroup_version();
  return {.version = version,
          .parent = version == CgroupVersion::v2
                        ? nearest_own_group_v2()
                        : std::string{}};
}

std::vector<std::string> containers_at(const Place& place) {
  std::string hierarchy;
  if (place.version == CgroupVersion::v1)
    for (const std::string& first : hierarchies_v1()) {
      hierarchy = first;
      break;
    }
  const std::string parent =
      tree_path(place.version, hierarchy) + place.parent;
  std::vector<std::string> names;
  for (const std::string& name : groups_below(parent))
    if (!lock_if_abandoned(fmt::format("{}/{}", parent, name)))
      names.push_back(name.substr(kGroupPrefix.size()));
  return names;
}

Usage read_usage(const Place& place, const std::string& container) {
  const Files files{place, container};
  Usage usage;
  if (place.version == CgroupVersion::v1)
    read_v1(files, usage);
  else
    read_v2(files, usage);
  const std::uint64_t machine = machine_memory();
  if (usage.memory_limit_bytes == 0 ||
      usage.memory_limit_bytes > machine)
    usage.memory_limit_bytes = machine;
  usage.processes = files.figure("pids", "pids.current");
  usage.command = command_of(files.text("pids", "cgroup.procs"));
  return usage;
}

}  // namespace dockwright
