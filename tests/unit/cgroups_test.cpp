// Chapter 5's numbers and words, and its owners of directories: on a plain file system, where nothing depends
// on the version of control groups that this machine happens to have.

#include <fcntl.h>
#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <fstream>

#include "chapters/05-cgroups/group.hpp"
#include "chapters/05-cgroups/hierarchy.hpp"
#include "chapters/05-cgroups/limits.hpp"
#include "chapters/05-cgroups/options.hpp"
#include "chapters/05-cgroups/quantities.hpp"
#include "common/check.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/temporary.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

/// The message of the Failure that `action` ends with; empty when it ends well.
template <typename Action>
std::string refusal(Action&& action) {
  try {
    action();
  } catch (const Failure& failure) {
    return failure.what();
  }
  return {};
}

/// The value that is written into `file`; "-" when the file is not touched.
std::string value_of(const std::vector<Setting>& settings, const std::string& file) {
  for (const Setting& setting : settings)
    if (setting.file == file) return setting.value;
  return "-";
}

}  // namespace

TEST_CASE("sizes are read as Docker reads them", "[cgroups]") {
  CHECK(parse_size("-m", "1") == 1);
  CHECK(parse_size("-m", "1b") == 1);
  CHECK(parse_size("-m", "4k") == 4096);
  CHECK(parse_size("-m", "64m") == 64 << 20);
  CHECK(parse_size("-m", "64M") == 64 << 20);
  CHECK(parse_size("-m", "64MB") == 64 << 20);
  CHECK(parse_size("-m", "64mib") == 64 << 20);
  CHECK(parse_size("-m", "1.5g") == 3ULL << 29);
  CHECK(parse_size("-m", "2t") == 2ULL << 40);
}

TEST_CASE("what is no size is refused, and named", "[cgroups]") {
  for (const char* const text :
       {"", "m", "64x", "64mm", "-1", "+1", "1e9", "inf", "nan", "0x10", "1..2", " 1", "1 m"}) {
    CAPTURE(text);
    CHECK(contains(refusal([&] { (void)parse_size("--memory", text); }), "not a size"));
  }
  CHECK(contains(refusal([] { (void)parse_size("--memory", "1" + std::string(30, '0')); }),
                 "no machine has as much"));
  CHECK(contains(refusal([] { (void)parse_size("--memory", "0"); }), "nothing at all"));
}

TEST_CASE("a share of processors becomes time in a tenth of a second", "[cgroups]") {
  CHECK(parse_cpus("0.25") == 25'000);
  CHECK(parse_cpus("1") == 100'000);
  CHECK(parse_cpus("0.01") == 1'000);
  for (const char* const text : {"0", "0.001", "99999"})
    CHECK(contains(refusal([&] { (void)parse_cpus(text); }), "range of CPUs is from 0.01 to"));
  for (const char* const text : {"", "one", "-1", "1.0.0", "1x"})
    CHECK(contains(refusal([&] { (void)parse_cpus(text); }), "not a number of processors"));
}

TEST_CASE("lists of numbers are read as the kernel writes them", "[cgroups]") {
  CHECK(parse_list("--cpuset-cpus", "0") == std::vector<unsigned>{0});
  CHECK(parse_list("--cpuset-cpus", "0-2,5") == std::vector<unsigned>{0, 1, 2, 5});
  for (const char* const text : {"", ",", "0,", ",0", "0-", "-1", "2-1", "a", "0 1", "99999", "0-4294967296"})
    CHECK(contains(refusal([&] { (void)parse_list("--cpuset-cpus", text); }), "not a list of numbers"));
}

TEST_CASE("sizes are written for people", "[cgroups]") {
  CHECK(human_size(0) == "0B");
  CHECK(human_size(1023) == "1023B");
  CHECK(human_size(1536) == "1.5KiB");
  CHECK(human_size(64 << 20) == "64.0MiB");
  CHECK(human_size(500ULL << 30) == "500GiB");
}

TEST_CASE("each limit has its file and its number in version 2", "[cgroups]") {
  const auto settings = settings_v2({.memory_bytes = 64 << 20,
                                     .memory_reservation_bytes = 32 << 20,
                                     .cpu_quota_us = 50'000,
                                     .cpu_period_us = 100'000,
                                     .cpu_shares = 1024,
                                     .cpuset_cpus = "0",
                                     .pids = 100,
                                     .blkio_weight = 1000});
  CHECK(value_of(settings, "memory.max") == "67108864");
  CHECK(value_of(settings, "memory.swap.max") == "67108864");
  CHECK(value_of(settings, "memory.low") == "33554432");
  CHECK(value_of(settings, "cpu.max") == "50000 100000");
  CHECK(value_of(settings, "cpu.weight") == "39");
  CHECK(value_of(settings, "cpuset.cpus") == "0");
  CHECK(value_of(settings, "pids.max") == "100");
  CHECK(value_of(settings, "io.weight") == "10000");
}

TEST_CASE("each limit has its file and its number in version 1", "[cgroups]") {
  const auto settings = settings_v1({.memory_bytes = 64 << 20,
                                     .memory_reservation_bytes = 32 << 20,
                                     .cpu_quota_us = 50'000,
                                     .cpu_period_us = 100'000,
                                     .cpu_shares = 1024,
                                     .cpuset_mems = "0",
                                     .pids = 100});
  CHECK(value_of(settings, "memory.limit_in_bytes") == "67108864");
  CHECK(value_of(settings, "memory.memsw.limit_in_bytes") == "134217728");
  CHECK(value_of(settings, "memory.soft_limit_in_bytes") == "33554432");
  CHECK(value_of(settings, "cpu.cfs_quota_us") == "50000");
  CHECK(value_of(settings, "cpu.cfs_period_us") == "100000");
  CHECK(value_of(settings, "cpu.shares") == "1024");
  CHECK(value_of(settings, "cpuset.mems") == "0");
  CHECK(value_of(settings, "pids.max") == "100");
}

TEST_CASE("where nothing is asked for only processes are bounded", "[cgroups]") {
  REQUIRE(settings_v2({}).size() == 1);
  CHECK(value_of(settings_v2({}), "pids.max") == "2048");
  REQUIRE(settings_v1({}).size() == 1);
  CHECK(value_of(settings_v1({}), "pids.max") == "2048");
}

TEST_CASE("a limit can be lifted by name", "[cgroups]") {
  for (const std::int64_t lifted : {std::int64_t{0}, std::int64_t{-1}}) {
    CHECK(value_of(settings_v2({.pids = lifted}), "pids.max") == "max");
    CHECK(value_of(settings_v1({.pids = lifted}), "pids.max") == "max");
  }
  CHECK(value_of(settings_v2({.memory_bytes = 64 << 20, .memory_and_swap_bytes = -1}), "memory.swap.max") ==
        "max");
  CHECK(value_of(settings_v1({.memory_bytes = 64 << 20, .memory_and_swap_bytes = -1}),
                 "memory.memsw.limit_in_bytes") == "-1");
}

TEST_CASE("memory and swap together are what version 2 counts apart", "[cgroups]") {
  const Limits limits{.memory_bytes = 64 << 20, .memory_and_swap_bytes = 96 << 20};
  CHECK(value_of(settings_v2(limits), "memory.swap.max") == "33554432");
  CHECK(value_of(settings_v1(limits), "memory.memsw.limit_in_bytes") == "100663296");
  CHECK(value_of(settings_v2({.memory_bytes = 64 << 20, .memory_and_swap_bytes = 64 << 20}),
                 "memory.swap.max") == "0");
}

TEST_CASE("swap may be missing unless it was asked for", "[cgroups]") {
  const auto needed = [](const std::vector<Setting>& settings) {
    for (const Setting& setting : settings)
      if (setting.option == "--memory-swap") return setting.needed;
    throw std::runtime_error{"no such setting"};
  };
  CHECK_FALSE(needed(settings_v2({.memory_bytes = 64 << 20})));
  CHECK_FALSE(needed(settings_v1({.memory_bytes = 64 << 20})));
  CHECK(needed(settings_v2({.memory_bytes = 64 << 20, .memory_and_swap_bytes = 64 << 20})));
  CHECK(needed(settings_v1({.memory_bytes = 64 << 20, .memory_and_swap_bytes = 64 << 20})));
}

TEST_CASE("limits that contradict each other are refused", "[cgroups]") {
  const auto said = [](const Limits& limits) { return refusal([&] { check_limits(limits); }); };
  CHECK(said({.memory_bytes = 6 << 20}).empty());
  CHECK(contains(said({.memory_bytes = (6 << 20) - 1}), "minimum memory limit allowed is 6MB"));
  CHECK(contains(said({.memory_and_swap_bytes = 64 << 20}), "needs --memory"));
  CHECK(contains(said({.memory_bytes = 64 << 20, .memory_and_swap_bytes = 32 << 20}), "cannot be smaller"));
  CHECK(contains(said({.memory_bytes = 32 << 20, .memory_reservation_bytes = 64 << 20}),
                 "can not be less than memory reservation"));
  CHECK(contains(said({.cpuset_cpus = "4000"}), "number 4000 is not available"));
}

TEST_CASE("a rate is for a disk", "[cgroups]") {
  const Limits limits{.device_rates = {{.device = "/dev/null", .per_second = 1}}};
  CHECK(contains(refusal([&] { (void)settings_v1(limits); }), "/dev/null is not a block device"));
  CHECK(contains(refusal([&] { (void)settings_v2(limits); }), "/dev/null is not a block device"));
}

TEST_CASE("a word is found in a list as a whole", "[cgroups]") {
  CHECK(has_word("cpu,cpuacct", "cpu"));
  CHECK(has_word("cpu,cpuacct", "cpuacct"));
  CHECK_FALSE(has_word("cpuset,cpuacct", "cpu"));
  CHECK(has_word("cpuset cpu io memory", "io"));
  CHECK_FALSE(has_word("", "io"));
}

TEST_CASE("a group lives as long as its owner", "[cgroups]") {
  const TemporaryDirectory tree;
  {
    const Group group{tree.path(), "dockwright-1"};
    CHECK(fs::is_directory(tree.path() / "dockwright-1"));
    CHECK(group.path() == (tree.path() / "dockwright-1").native());
  }
  CHECK_FALSE(fs::exists(tree.path() / "dockwright-1"));
}

TEST_CASE("two groups cannot have one name", "[cgroups]") {
  const TemporaryDirectory tree;
  const Group group{tree.path(), "dockwright-1"};
  CHECK_THROWS_AS((Group{tree.path(), "dockwright-1"}), SystemCallError);
  CHECK(fs::is_directory(tree.path() / "dockwright-1"));
}

TEST_CASE("a group is abandoned when nobody holds its lock", "[cgroups]") {
  const TemporaryDirectory tree;
  const Group unlocked{tree.path(), "dockwright-1"};
  CHECK(lock_if_abandoned(unlocked.path()));
  const Group locked = Group::make_locked(tree.path());
  CHECK_FALSE(lock_if_abandoned(locked.path()));
  CHECK_FALSE(lock_if_abandoned(tree.path() / "none"));
}

TEST_CASE("while one looks whether a group is abandoned, nobody else takes it", "[cgroups]") {
  const TemporaryDirectory tree;
  const Group group{tree.path(), "dockwright-1"};
  const UniqueFd lock = lock_if_abandoned(group.path());
  REQUIRE(lock);
  CHECK_FALSE(lock_if_abandoned(group.path()));
}

TEST_CASE("only groups of ours are listed", "[cgroups]") {
  const TemporaryDirectory tree;
  const std::string one = "dockwright-0123456789ab", two = "dockwright-ffffffffffff";
  for (const std::string& name : {two, one, std::string{"user.slice"}, std::string{"dockwright-bench"},
                                  std::string{"dockwright-0123456789AB"}, one + "0"})
    fs::create_directory(tree.path() / name);
  CHECK(groups_below(tree.path()) == std::vector<std::string>{one, two});
  CHECK(groups_below(tree.path() / "none").empty());
}

TEST_CASE("a figure stands behind its word", "[cgroups]") {
  const TemporaryDirectory tree;
  const Group group{tree.path(), "dockwright-1"};
  std::ofstream{tree.path() / "dockwright-1/memory.events"} << "oom 7\noom_kill 3\noom_group_kill 9\n";
  CHECK(group.figure("memory.events", "oom_kill") == 3);
  CHECK(group.figure("memory.events", "oom") == 7);
  CHECK(group.figure("memory.events", "max") == 0);
  CHECK(group.figure("none", "max") == 0);
  fs::remove(tree.path() / "dockwright-1/memory.events");
}

TEST_CASE("groups above ours are made where they are missing, and removed", "[cgroups]") {
  const TemporaryDirectory tree;
  fs::create_directory(tree.path() / "there");
  std::vector<std::string> passed;
  {
    const Parents parents{tree.path(), "/there/room//one/",
                          [&](const std::string& path) { passed.push_back(path); }};
    CHECK(parents.path() == (tree.path() / "there/room/one").native());
    CHECK(fs::is_directory(parents.path()));
  }
  CHECK(passed.size() == 4);
  CHECK(fs::is_directory(tree.path() / "there"));
  CHECK_FALSE(fs::exists(tree.path() / "there/room"));
}

TEST_CASE("a group above ours that others use by now stays", "[cgroups]") {
  const TemporaryDirectory tree;
  {
    const Parents parents{tree.path(), "room", [](const std::string&) {}};
    fs::create_directory(tree.path() / "room/other");
  }
  CHECK(fs::is_directory(tree.path() / "room/other"));
}

TEST_CASE("names of groups are ours, and never the same", "[cgroups]") {
  const std::string name = new_group_name();
  CHECK(name.size() == kGroupPrefix.size() + 12);
  CHECK(name.starts_with(kGroupPrefix));
  CHECK(name != new_group_name());
}
