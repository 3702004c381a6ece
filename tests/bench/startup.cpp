// startup [-n ROUNDS] [--only TEXT]... [--format table|markdown|json] [--check]: how long each stage and each
// peer takes to run `true`.
//
// Times drift with the machine, its load and its mood; ratios drift less. So every round runs every contender
// once, one after the other, and what is compared are the medians. Memory is the peak of the largest process
// of a contender (ru_maxrss, which counts what it waited for).
//
// It runs in a mount namespace of its own: stage 3 leaves a /proc behind on purpose, and crun 1.8 refuses
// machines that mount the second cgroup hierarchy beside the first, hence `unified` is unmounted here.
// --only keeps those whose names hold TEXT (and the bare start): fewer programs cool the caches less.
// --check fails where a budget is missed.

#include <fcntl.h>
#include <fmt/core.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "tests/bench/contenders.hpp"

namespace dockwright::bench {
namespace {

struct Run {
  double milliseconds = 0;
  long peak_kilobytes = 0;
  int code = 0;
};

struct Result {
  std::string name;
  double median = 0;
  long peak_kilobytes = 0;
  int code = 0;  ///< Of the first run that failed; such a contender has no figures.
};

struct Budget {
  std::string_view name;
  std::string_view against;
  double ratio;
};

constexpr auto kBudgets =
    std::to_array<Budget>({{"stage04", "bare fork + exec", 3},
                           {"stage04", "bwrap --unshare-all", 0.6},
                           {"stage04", "crun run, no seccomp, no cgroups", 0.3},
                           {"stage07, all of it", "crun run, all of it", 0.3},
                           {"stage07, all of it", "runc run, all of it", 0.2},
                           {"stage08", "stage07", 1.1},
                           {"stage10", "stage07", 1.15},
                           {"stage11", "stage07", 1.15},
                           {"stage12", "stage07", 1.15},
                           {"stage08 on a layer", "stage08", 1.15},
                           {"stage08 on a layer, all of it", "crun run, all of it", 0.3}});
/// Only where the container can be born in its group.
constexpr Budget kBudgetV2{"stage07, all of it", "bare fork + exec", 5};
constexpr long kStageKilobytes = 4096;

int check(int result, const char* attempt) {
  if (result == -1) throw std::system_error(errno, std::generic_category(), attempt);
  return result;
}

Run run_once(const Contender& contender) {
  std::vector<char*> words;
  for (const std::string& word : contender.command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = check(::fork(), "fork");
  if (child == 0) {
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int fd : {0, 1, 2}) ::dup2(null, fd);
    ::execvp(words[0], words.data());
    ::_exit(127);
  }
  int status = 0;
  rusage usage{};
  check(::wait4(child, &status, 0, &usage), "wait");
  const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
  return {time.count(), usage.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)};
}

/// Mounts of our own; nothing done to them is seen outside.
void leave_host_mounts() {
  check(::unshare(CLONE_NEWNS), "unshare the mounts (this needs root)");
  check(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "make the mounts private");
  ::umount2("/sys/fs/cgroup/unified", MNT_DETACH);  // where it is not mounted there is nothing to do
}

std::vector<Result> measure(const std::vector<Contender>& all, int rounds, const std::string& root) {
  std::vector<std::vector<double>> times(all.size());
  std::vector<Result> results;
  for (const Contender& contender : all) results.push_back({.name = contender.name});
  for (int round = -2; round < rounds; ++round) {  // two rounds to warm the caches
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (results[i].code != 0) continue;
      const Run run = run_once(all[i]);
      results[i].code = run.code;
      results[i].peak_kilobytes = std::max(results[i].peak_kilobytes, run.peak_kilobytes);
      if (round >= 0) times[i].push_back(run.milliseconds);
      while (::umount2((root + "/proc").c_str(), MNT_DETACH) == 0) {  // stage 3's
      }
    }
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (times[i].empty()) continue;
    const auto middle = times[i].begin() + static_cast<std::ptrdiff_t>(times[i].size() / 2);
    std::nth_element(times[i].begin(), middle, times[i].end());
    results[i].median = *middle;
  }
  return results;
}

const Result* find(const std::vector<Result>& results, std::string_view name) {
  for (const Result& result : results)
    if (result.name == name && result.code == 0) return &result;
  return nullptr;
}

bool took_part(const std::vector<Result>& results, std::string_view name) {
  return std::any_of(results.begin(), results.end(),
                     [&](const Result& result) { return result.name == name; });
}

std::string ratio(const Result& result, const Result* to) {
  return to == nullptr ? "–" : fmt::format("{:.2f}", result.median / to->median);
}

void print_table(const std::vector<Result>& results, bool markdown) {
  const Result* bare = find(results, "bare fork + exec");
  const Result* crun = find(results, "crun run, no seccomp, no cgroups");
  const char* row = markdown ? "| {} | {} | {} | {} | {} |\n" : "{:<34} {:>9} {:>8} {:>8} {:>9}\n";
  const auto line = [row](const auto&... cells) { fmt::print(fmt::runtime(row), cells...); };
  line("runs a static `true`", "median ms", "× bare", "× crun", "peak MB");
  if (markdown) fmt::print("| --- | --: | --: | --: | --: |\n");
  for (const Result& result : results) {
    if (result.code != 0) {
      line(result.name, fmt::format("failed: {}", result.code), "–", "–", "–");
      continue;
    }
    line(result.name, fmt::format("{:.2f}", result.median), ratio(result, bare), ratio(result, crun),
         fmt::format("{:.1f}", static_cast<double>(result.peak_kilobytes) / 1024));
  }
}

void print_json(const std::vector<Result>& results) {
  const char* separator = "[";
  for (const Result& result : results) {
    fmt::print("{}\n  {{\"name\": \"{}\", \"median_ms\": {:.4f}, \"peak_kb\": {}, \"exit_code\": {}}}",
               separator, result.name, result.median, result.peak_kilobytes, result.code);
    separator = ",";
  }
  fmt::print("\n]\n");
}

std::string machine(int rounds) {
  utsname names{};
  ::uname(&names);
  double load = 0;
  ::getloadavg(&load, 1);
  return fmt::format(
      "Linux {}, {} processors, load {:.1f}; medians of {} alternating runs, by `tests/bench/startup`.",
      names.release, ::sysconf(_SC_NPROCESSORS_ONLN), load, rounds);
}

/// Prints each budget and whether it was kept; false if one was missed. A peer that is not here cannot be
/// missed.
bool check_budgets(const std::vector<Result>& results) {
  bool kept = true;
  std::vector<Budget> budgets(kBudgets.begin(), kBudgets.end());
  if (std::filesystem::exists("/sys/fs/cgroup/cgroup.controllers")) budgets.push_back(kBudgetV2);
  for (const Budget& budget : budgets) {
    const Result* ours = find(results, budget.name);
    const Result* theirs = find(results, budget.against);
    if (theirs == nullptr || !took_part(results, budget.name)) continue;
    const bool good = ours != nullptr && ours->median <= budget.ratio * theirs->median;
    fmt::print(stderr, "{}: {} is {} of {}; at most {}\n", good ? "kept" : "MISSED", budget.name,
               ours == nullptr ? "nothing" : ratio(*ours, theirs), budget.against, budget.ratio);
    kept = kept && good;
  }
  for (const Result& result : results) {
    if (result.name.rfind("stage", 0) != 0) continue;
    const bool good = result.code == 0 && result.peak_kilobytes < kStageKilobytes;
    if (!good)
      fmt::print(stderr, "MISSED: {} failed, or needed {} KB; at most {}\n", result.name,
                 result.peak_kilobytes, kStageKilobytes);
    kept = kept && good;
  }
  return kept;
}

struct Options {
  int rounds = 200;
  std::vector<std::string> only{};
  std::string format = "table";
  bool check = false;
};

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "-n" && i + 1 < argc)
      options.rounds = std::stoi(argv[++i]);
    else if (word == "--format" && i + 1 < argc)
      options.format = argv[++i];
    else if (word == "--only" && i + 1 < argc)
      options.only.emplace_back(argv[++i]);
    else if (word == "--check")
      options.check = true;
    else
      throw std::invalid_argument(
          "usage: startup [-n ROUNDS] [--only TEXT]... [--format table|markdown|json] [--check]");
  }
  if (options.rounds < 1) throw std::invalid_argument("startup: -n must be at least 1");
  if (options.format != "table" && options.format != "markdown" && options.format != "json")
    throw std::invalid_argument(fmt::format("startup: no such format: {}", options.format));
  return options;
}

/// A scratch directory below the build directory, gone with its owner.
class Scratch {
 public:
  explicit Scratch(const std::filesystem::path& bin)
      : path_{bin.parent_path() / fmt::format("bench.{}", ::getpid())} {
    namespace fs = std::filesystem;
    fs::create_directory(path_);
    fs::copy(bin.parent_path() / "rootfs", path_ / "root",
             fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    fs::copy_file(bin / "bench_true", path_ / "root" / "true");
    // As installed: a linker writes its result in small pieces, which the kernel then keeps and maps as such.
    for (int number = 1;; ++number) {
      std::string stage = fmt::format("stage{:02}", number);
      if (!fs::exists(bin / stage)) break;
      fs::copy_file(bin / stage, path_ / stage);
      stages_.push_back(std::move(stage));
    }
  }
  ~Scratch() {
    std::error_code ignored;  // what is still mounted here stays, and is told by the gate
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] const std::vector<std::string>& stages() const { return stages_; }

 private:
  std::filesystem::path path_;
  std::vector<std::string> stages_{};
};

std::vector<Contender> chosen(std::vector<Contender> all, const std::vector<std::string>& only) {
  const auto unwanted = [&](const Contender& contender) {
    return contender.name != "bare fork + exec" &&
           std::none_of(only.begin(), only.end(), [&](const std::string& text) {
             return contender.name.find(text) != std::string::npos;
           });
  };
  if (!only.empty()) std::erase_if(all, unwanted);
  return all;
}

int main_program(int argc, char** argv) {
  const Options options = parse(argc, argv);
  if (::geteuid() != 0) {
    fmt::print("skipped: needs root\n");
    return 0;
  }
  const std::filesystem::path bin = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  leave_host_mounts();
  const Scratch scratch{bin};
  const auto results = measure(chosen(contenders(scratch.path(), scratch.stages()), options.only),
                               options.rounds, scratch.path() + "/root");
  if (options.format == "json")
    print_json(results);
  else
    print_table(results, options.format == "markdown");
  if (options.format != "json") fmt::print("\n{}\n", machine(options.rounds));
  return options.check && !check_budgets(results) ? 1 : 0;
}

}  // namespace
}  // namespace dockwright::bench

int main(int argc, char** argv) try {
  return dockwright::bench::main_program(argc, argv);
} catch (const std::exception& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 125;
}
