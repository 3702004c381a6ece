// unpack [-n ROUNDS] [--size MB] [--memory MB] [--dir DIR] [--check]: how long it takes to make a directory
// of a layer, ours beside tar, umoci and podman; as a table in Markdown.
//
// The layer has many small files. All unpack it in turn, each into a directory of its own on a tmpfs, so that
// the disk's mood does not matter; what was unpacked is removed between the runs. umoci and podman are given
// an image of that one layer. Beside the wall clock there is the processor time of all threads and children:
// on a machine with other work it is the steadier figure. With --memory a layer of that many megabytes
// (unpacked) in large files is unpacked once, and the peak of our memory printed.

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "chapters/08-layers/layer_apply.hpp"
#include "common/errors.hpp"
#include "common/sys.hpp"
#include "common/sys_file.hpp"
#include "tests/bench/unpack_archives.hpp"

namespace dockwright::bench {
namespace {

namespace fs = std::filesystem;

struct Options {
  int rounds = 5;
  std::uint64_t megabytes = 300;
  std::uint64_t memory = 0;
  std::string directory{};  ///< Empty: a tmpfs of our own.
  bool check = false;
};

struct Run {
  double wall = 0;
  double processor = 0;
  long peak_kilobytes = 0;
};

struct Contender {
  std::string name;
  std::vector<std::string> command;  ///< `{}` becomes the directory.
  std::string against{};             ///< Ours, which is compared with it …
  double budget = 0;                 ///< … and may take at most this part of its time.
  std::vector<Run> runs{};
};

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// @throws std::runtime_error when it failed
Run run(const std::vector<std::string>& words, const std::string& directory) {
  std::vector<std::string> filled;
  for (const std::string& word : words)
    filled.push_back(word.find("{}") == std::string::npos ? word
                                                          : fmt::format(fmt::runtime(word), directory));
  std::vector<char*> arguments;
  for (std::string& word : filled) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ::dup2(nowhere, 1);
    ::dup2(nowhere, 2);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  if (status != 0) throw std::runtime_error(fmt::format("{} failed ({})", words[0], status));
  return {wall.count(), seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss};
}

bool is_installed(const std::string& program) {
  for (const char* const directory : {"/usr/bin/", "/bin/", "/usr/local/bin/"})
    if (::access((directory + program).c_str(), X_OK) == 0) return true;
  return false;
}

std::vector<Contender> contenders(const std::string& scratch, const MadeLayer& layer) {
  const std::string self = fs::read_symlink("/proc/self/exe");
  std::vector<Contender> all{{"ours, gzip", {self, "--apply", layer.gzip, "{}"}},
                             {"`tar -xzf`", {"tar", "-xzf", layer.gzip, "-C", "{}"}, "ours, gzip", 0.6}};
  if (is_installed("umoci"))
    all.push_back({"`umoci unpack`",
                   {"umoci", "unpack", "--image", scratch + "/layout:bench", "{}/bundle"},
                   "ours, gzip",
                   0.4});
  if (is_installed("podman"))
    all.push_back({"`podman load`",
                   {"podman", "--root", "{}/root", "--runroot", "{}/runroot", "--tmpdir", "{}/tmp",
                    "--storage-driver", "overlay", "load", "-i", scratch + "/layout.tar"},
                   "ours, gzip",
                   0.5});
  if (is_installed("zstd")) {
    all.push_back({"ours, zstd", {self, "--apply", layer.zstd, "{}"}});
    all.push_back({"`tar --zstd -x`", {"tar", "--zstd", "-xf", layer.zstd, "-C", "{}"}, "ours, zstd", 0.6});
  }
  return all;
}

/// Podman leaves its own mount below its root.
void clear(const std::string& directory) {
  ::umount2((directory + "/root/overlay").c_str(), MNT_DETACH);
  fs::remove_all(directory);
}

void measure(std::vector<Contender>& all, const std::string& directory, int rounds) {
  for (int round = 0; round < rounds; ++round)
    for (Contender& contender : all) {
      fs::create_directory(directory);
      contender.runs.push_back(run(contender.command, directory));
      clear(directory);
    }
}

double median(const Contender& contender, double Run::*what) {
  std::vector<double> values;
  for (const Run& one : contender.runs) values.push_back(one.*what);
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

const Contender& find(const std::vector<Contender>& all, const std::string& name) {
  return *std::find_if(all.begin(), all.end(), [&](const Contender& one) { return one.name == name; });
}

/// False when a budget was missed.
bool print(const std::vector<Contender>& all) {
  bool kept = true;
  fmt::print(
      "| unpacking by | seconds | processor seconds | peak MB | ours against it | by processor | at most |\n"
      "| --- | --: | --: | --: | --: | --: | --: |\n");
  for (const Contender& one : all) {
    const double wall = median(one, &Run::wall);
    const double processor = median(one, &Run::processor);
    const long peak = std::max_element(one.runs.begin(), one.runs.end(), [](const Run& a, const Run& b) {
                        return a.peak_kilobytes < b.peak_kilobytes;
                      })->peak_kilobytes;
    fmt::print("| {} | {:.2f} | {:.2f} | {:.0f} |", one.name, wall, processor,
               static_cast<double>(peak) / 1024);
    if (one.against.empty()) {
      fmt::print(" – | – | – |\n");
      continue;
    }
    const Contender& ours = find(all, one.against);
    const double ratio = median(ours, &Run::wall) / wall;
    kept = kept && ratio <= one.budget;
    fmt::print(" {:.2f} | {:.2f} | {:.2f} |\n", ratio, median(ours, &Run::processor) / processor, one.budget);
  }
  return kept;
}

/// A place for all this, gone with its owner.
class Scratch {
 public:
  explicit Scratch(const std::string& below) {
    std::string pattern =
        (below.empty() ? fs::temp_directory_path().native() : below) + "/dockwright-unpack-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
    mounted_ = below.empty() && ::mount("tmpfs", path_.c_str(), "tmpfs", 0, "mode=700") == 0;
  }
  Scratch(Scratch&&) = delete;
  ~Scratch() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool mounted_ = false;
};

bool bench(const Options& options) {
  const Scratch scratch{options.directory};
  const MadeLayer layer = make_small_files(scratch.path(), options.megabytes);
  make_layout(scratch.path(), layer);
  run({"tar", "-cf", scratch.path() + "/layout.tar", "-C", scratch.path() + "/layout", "."}, "");
  auto all = contenders(scratch.path(), layer);
  measure(all, scratch.path() + "/out", options.rounds);
  const bool kept = print(all);
  utsname names{};
  ::uname(&names);
  double load = 0;
  ::getloadavg(&load, 1);
  fmt::print(
      "\n{} files, {} MB, by gzip {} MB. Linux {}, {} processors, load {:.1f}; medians of {} alternating "
      "runs, by "
      "`tests/bench/unpack`.\n",
      layer.files, layer.bytes >> 20U, layer.gzip_bytes >> 20U, names.release,
      ::sysconf(_SC_NPROCESSORS_ONLN), load, options.rounds);
  return kept;
}

bool measure_memory(const Options& options) {
  constexpr long kMostKilobytes = 64 * 1024;
  const Scratch scratch{options.directory};
  const std::string archive = make_large_files(scratch.path(), options.memory);
  fs::create_directory(scratch.path() + "/out");
  const std::string self = fs::read_symlink("/proc/self/exe");
  const Run one = run({self, "--apply", archive, "{}"}, scratch.path() + "/out");
  fmt::print("| unpacking {} MB | peak {:.1f} MB | at most 64 MB |\n", options.memory,
             static_cast<double>(one.peak_kilobytes) / 1024);
  return one.peak_kilobytes <= kMostKilobytes;
}

int apply(const std::string& archive, const std::string& directory) {
  const UniqueFd into = sys::open(directory, O_RDONLY | O_DIRECTORY);
  const auto layer = apply_layer(std::make_unique<FileSource>(sys::open(archive, O_RDONLY)), into, {});
  fmt::print("{} {}\n", layer.diff_id.str(), layer.entries);
  return 0;
}

Options parse(const std::vector<std::string>& words) {
  Options options;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool more = i + 1 < words.size();
    if (words[i] == "-n" && more)
      options.rounds = std::stoi(words[++i]);
    else if (words[i] == "--size" && more)
      options.megabytes = std::stoull(words[++i]);
    else if (words[i] == "--memory" && more)
      options.memory = std::stoull(words[++i]);
    else if (words[i] == "--dir" && more)
      options.directory = words[++i];
    else if (words[i] == "--check")
      options.check = true;
    else
      throw std::invalid_argument(
          "usage: unpack [-n ROUNDS] [--size MB] [--memory MB] [--dir DIR] [--check]");
  }
  return options;
}

int main_program(const std::vector<std::string>& words) {
  if (words.size() == 3 && words[0] == "--apply") return apply(words[1], words[2]);
  const Options options = parse(words);
  if (::geteuid() != 0) {
    fmt::print("skipped: needs root\n");
    return 0;
  }
  sys::unshare(CLONE_NEWNS);  // the tmpfs, and what podman mounts, is seen by nobody else and gone with us
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    throw std::runtime_error("no private mounts");
  const bool kept = options.memory > 0 ? measure_memory(options) : bench(options);
  return options.check && !kept ? 1 : 0;
}

}  // namespace
}  // namespace dockwright::bench

int main(int argc, char** argv) try {
  return dockwright::bench::main_program({argv + 1, argv + argc});
} catch (const std::exception& error) {
  fmt::print(stderr, "unpack: {}\n", dockwright::describe(error));
  return 125;
}
