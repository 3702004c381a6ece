// neighbour [-s SECONDS] [--format table|markdown]: what a container that runs wild does to the host beside
// it.
//
// The host's part is played by a small task: every 5 ms it makes a process that runs `true`, and waits for
// it. Its delay is counted from the moment when it should have begun until `true` has ended, so that it also
// holds what the task had to wait for a processor. The wild neighbours run one after the other, for some
// seconds each, in stage 5 with limits. Only the processor hog also runs without: a fork bomb or a memory hog
// without limits would be an attack on this machine. Each of them ends by itself, too (`timeout`), should we
// be killed.
//
// "Took" is what the kernel has counted for the neighbour's group in that time, in percent of one processor:
// with
// `--cpus 0.25` it must be 25.

#include <fcntl.h>
#include <fmt/core.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace dockwright::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::chrono::milliseconds kPeriod{5};
constexpr std::chrono::milliseconds kUntilWild{300};  // the container is up, the hog has begun

int check(int result, const char* attempt) {
  if (result == -1) throw std::system_error(errno, std::generic_category(), attempt);
  return result;
}

/// What runs beside the host's task; without a script nothing does.
struct Neighbour {
  std::string name;
  std::string script{};
  std::vector<std::string> options{};
};

struct Result {
  std::string name;
  double median_ms = 0;
  double hundredth_ms = 0;  ///< One in a hundred took longer.
  double worst_ms = 0;
  double took_percent = 0;  ///< Of one processor.
};

std::vector<Neighbour> neighbours() {
  // A shell that cannot fork ends, so the bomb may burn out; awk lives on, and lights it again.
  const std::string bomb =
      "export BOMB='bomb() { while true; do bomb & done; }; bomb &'; "
      "exec awk 'BEGIN { while (1) { system(ENVIRON[\"BOMB\"]); system(\"sleep 0.1\") } }'";
  const std::string memory = "while true; do tail /dev/zero; done";
  const std::string spin =
      fmt::format("i=0; while [ $i -lt {} ]; do while true; do :; done & i=$((i + 1)); done; wait",
                  ::sysconf(_SC_NPROCESSORS_ONLN));
  return {{.name = "nothing"},
          {.name = "processor hog, no limit", .script = spin},
          {.name = "processor hog, `--cpus 0.25`", .script = spin, .options = {"--cpus", "0.25"}},
          {.name = "memory hog, `--memory 64m --cpus 0.5`",
           .script = memory,
           .options = {"--memory", "64m", "--cpus", "0.5"}},
          {.name = "fork bomb, `--pids-limit 64`", .script = bomb, .options = {"--pids-limit", "64"}},
          {.name = "fork bomb, `--pids-limit 64 --cpus 0.5`",
           .script = bomb,
           .options = {"--pids-limit", "64", "--cpus", "0.5"}}};
}

/// A program that is started, with nothing to read and nobody to read what it prints.
pid_t start(const std::vector<std::string>& command) {
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t child = check(::fork(), "fork");
  if (child != 0) return child;
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int fd : {0, 1, 2}) ::dup2(null, fd);
  ::execv(words[0], words.data());
  ::_exit(127);
}

int finish(pid_t child) {
  int status = 0;
  check(::waitpid(child, &status, 0), "wait");
  return status;
}

/// A wild neighbour: started at birth, ended with its owner. Its group is made below one of our own, which
/// counts for it.
class Wild {
 public:
  Wild(const Neighbour& neighbour, const std::filesystem::path& bin, double seconds) {
    std::vector<std::string> command = {
        (bin / "stage05").string(),           "run",      "--cgroup-parent",
        kParent + std::to_string(::getpid()), "--rootfs", (bin.parent_path() / "rootfs").string()};
    command.insert(command.end(), neighbour.options.begin(), neighbour.options.end());
    const std::string most = fmt::format("{:.0f}", seconds + 3);
    for (const auto* const word : {"--", "timeout", "-s", "KILL"}) command.emplace_back(word);
    command.insert(command.end(), {most, "sh", "-c", neighbour.script});
    stage_ = start(command);
    std::this_thread::sleep_for(kUntilWild);
  }
  ~Wild() {
    if (stage_ > 0) end();
  }
  Wild(const Wild&) = delete;

  /// The processor time that its group has used until now.
  [[nodiscard]] static Seconds used() {
    const std::string group = kParent + std::to_string(::getpid());
    if (std::ifstream counted{"/sys/fs/cgroup" + group + "/cpu.stat"}; counted) {
      std::string word;
      double microseconds = 0;
      if (counted >> word >> microseconds && word == "usage_usec") return Seconds{microseconds / 1e6};
    }
    std::ifstream counted{"/sys/fs/cgroup/cpuacct" + group + "/cpuacct.usage"};
    if (double nanoseconds = 0; counted >> nanoseconds) return Seconds{nanoseconds / 1e9};
    throw std::runtime_error("neighbour: nobody counts what the container uses");
  }
  /// @throws when it had ended by itself, and was no wild neighbour all the time
  void end() {
    const pid_t stage = std::exchange(stage_, 0);
    ::kill(stage, SIGTERM);
    if (const int status = finish(stage); !WIFEXITED(status) || WEXITSTATUS(status) != 128 + SIGTERM)
      throw std::runtime_error(fmt::format("neighbour: the stage ended by itself (status {:#x})", status));
  }

 private:
  inline static const std::string kParent = "/neighbour-";
  pid_t stage_ = 0;
};

/// The host's task, for some seconds: each delay, in milliseconds.
std::vector<double> delays(const std::filesystem::path& bin, double seconds) {
  std::vector<double> all;
  const std::string program = (bin / "bench_true").string();
  const auto last = Clock::now() + Seconds{seconds};
  for (auto due = Clock::now() + kPeriod; due < last; due = Clock::now() + kPeriod) {
    std::this_thread::sleep_until(due);
    if (finish(start({program})) != 0) throw std::runtime_error("neighbour: the host's own task failed");
    all.push_back(Seconds{Clock::now() - due}.count() * 1000);
  }
  std::sort(all.begin(), all.end());
  return all;
}

Result measure(const Neighbour& neighbour, const std::filesystem::path& bin, double seconds) {
  Result result{.name = neighbour.name};
  const auto look = [&] {
    const std::vector<double> all = delays(bin, seconds);
    if (all.empty()) throw std::runtime_error("neighbour: too short to measure anything");
    result.median_ms = all[all.size() / 2];
    result.hundredth_ms = all[all.size() * 99 / 100];
    result.worst_ms = all.back();
  };
  if (neighbour.script.empty()) {
    look();
    return result;
  }
  Wild wild{neighbour, bin, seconds};
  const auto begun = Clock::now();
  const Seconds before = Wild::used();
  look();
  result.took_percent = 100 * ((Wild::used() - before) / Seconds{Clock::now() - begun});
  wild.end();
  return result;
}

std::string machine(double seconds) {
  utsname names{};
  ::uname(&names);
  double load = 0;
  ::getloadavg(&load, 1);
  return fmt::format(
      "Linux {}, {} processors, load {:.1f} before it began; {:.0f} s each, by `tests/bench/neighbour`.",
      names.release, ::sysconf(_SC_NPROCESSORS_ONLN), load, seconds);
}

struct Options {
  double seconds = 3;
  bool markdown = false;
};

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "-s" && i + 1 < argc)
      options.seconds = std::stod(argv[++i]);
    else if (word == "--format" && i + 1 < argc)
      options.markdown = std::string_view{argv[++i]} == "markdown";
    else
      throw std::invalid_argument("usage: neighbour [-s SECONDS] [--format table|markdown]");
  }
  if (!(options.seconds >= 0.2 && options.seconds <= 10))
    throw std::invalid_argument("neighbour: -s is from 0.2 to 10");
  return options;
}

int main_program(int argc, char** argv) {
  const Options options = parse(argc, argv);
  if (::geteuid() != 0) {
    fmt::print("skipped: needs root\n");
    return 0;
  }
  const std::filesystem::path bin = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const std::string footer = machine(options.seconds);
  const char* row = options.markdown ? "| {} | {} | {} | {} | {} |\n" : "{:<42} {:>10} {:>10} {:>10} {:>8}\n";
  fmt::print(fmt::runtime(row), "beside the host's task runs", "median ms", "1 in 100 ms", "worst ms",
             "took");
  if (options.markdown) fmt::print("| --- | --: | --: | --: | --: |\n");
  for (const Neighbour& neighbour : neighbours()) {
    const Result result = measure(neighbour, bin, options.seconds);
    fmt::print(fmt::runtime(row), result.name, fmt::format("{:.1f}", result.median_ms),
               fmt::format("{:.1f}", result.hundredth_ms), fmt::format("{:.1f}", result.worst_ms),
               neighbour.script.empty() ? "–" : fmt::format("{:.0f} %", result.took_percent));
  }
  fmt::print("\n{}\n", footer);
  return 0;
}

}  // namespace
}  // namespace dockwright::bench

int main(int argc, char** argv) try {
  return dockwright::bench::main_program(argc, argv);
} catch (const std::exception& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 125;
}
