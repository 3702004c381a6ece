// copyup [-n ROUNDS] [-s MEGABYTES]: what it costs to be the first to touch a file of a lower layer, as a
// table in Markdown.
//
// A large file lies in a lower layer, beside it a plain copy. Each step is done to the plain file, to the
// file seen through an overlay, and through an overlay that may copy what describes a file without its
// contents (metacopy, which we leave off: such an upper directory is no layer by itself). Every round begins
// with a fresh upper directory; figures are medians. It works below the build directory, in a mount namespace
// of its own, and leaves nothing.

#include <fcntl.h>
#include <fmt/core.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace {

namespace fs = std::filesystem;

void check(long result, const char* attempt) {
  if (result == -1) throw std::system_error(errno, std::generic_category(), attempt);
}

/// A directory with a layer and a plain copy, gone with its owner.
class Scratch {
 public:
  Scratch(const fs::path& where, std::uint64_t bytes) : path_{where / fmt::format("copyup.{}", ::getpid())} {
    for (const char* const name : {"lower", "plain", "merged"}) fs::create_directories(path_ / name);
    const std::string block(1 << 20, 'x');
    for (const char* const name : {"lower", "plain"}) {
      std::ofstream file{path_ / name / "file", std::ios::binary};
      for (std::uint64_t done = 0; done < bytes; done += block.size())
        file.write(block.data(), static_cast<std::streamsize>(block.size()));
      if (!file.flush()) throw std::runtime_error("no room for the files");
    }
    ::sync();
  }
  Scratch(const Scratch&) = delete;
  ~Scratch() {
    ::umount2((path_ / "merged").c_str(), MNT_DETACH);
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  void mount(const char* metacopy) const {
    for (const char* const name : {"upper", "work"}) {
      fs::remove_all(path_ / name);
      fs::create_directory(path_ / name);
    }
    const std::string options =
        fmt::format("lowerdir={0}/lower,upperdir={0}/upper,workdir={0}/work,index=off,metacopy={1}",
                    path_.string(), metacopy);
    check(::mount("overlay", (path_ / "merged").c_str(), "overlay", 0, options.c_str()), "mount an overlay");
  }
  void unmount() const { check(::umount((path_ / "merged").c_str()), "unmount it"); }
  [[nodiscard]] fs::path file(const char* view) const { return path_ / view / "file"; }

 private:
  fs::path path_;
};

void write_a_byte(const fs::path& file) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  check(fd, "open it for writing");
  check(::pwrite(fd, "y", 1, 0), "write a byte");
  ::close(fd);
}

void read_it_all(const fs::path& file) {
  static std::string block(1 << 20, '\0');
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  check(fd, "open it");
  while (::read(fd, block.data(), block.size()) > 0) {
  }
  ::close(fd);
}

void change_mode(const fs::path& file) { check(::chmod(file.c_str(), 0600), "change its mode"); }

struct Step {
  const char* name;
  void (*act)(const fs::path&);
  bool fresh = true;  ///< On an upper directory in which there is nothing yet.
};
constexpr auto kSteps = std::to_array<Step>({{"read all of it", read_it_all},
                                             {"change its mode, the first time", change_mode},
                                             {"write one byte, the first time", write_a_byte},
                                             {"write one byte, again", write_a_byte, false}});
constexpr std::array kViews = {"a plain file", "in a lower layer", "with metacopy"};

/// [step][view]: all times in milliseconds.
using Times = std::array<std::array<std::vector<double>, kViews.size()>, kSteps.size()>;

void measure_view(const Scratch& scratch, std::size_t view, Times& times) {
  const auto mount = [&] { scratch.mount(view == 2 ? "on" : "off"); };
  const fs::path file = scratch.file(view == 0 ? "plain" : "merged");
  for (std::size_t step = 0; step < kSteps.size(); ++step) {
    if (view > 0 && kSteps[step].fresh) {
      if (step > 0) scratch.unmount();
      mount();
    }
    const auto start = std::chrono::steady_clock::now();
    kSteps[step].act(file);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    times[step][view].push_back(took.count());
  }
  if (view > 0) scratch.unmount();
}

double median(std::vector<double>& times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

std::string time_words(double milliseconds) {
  if (milliseconds < 1) return fmt::format("{:.3f} ms", milliseconds);
  return milliseconds < 1000 ? fmt::format("{:.1f} ms", milliseconds)
                             : fmt::format("{:.2f} s", milliseconds / 1000);
}

struct Options {
  int rounds = 5;
  std::uint64_t megabytes = 1024;
};

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string word = argv[i];
    if (word == "-n")
      options.rounds = std::stoi(argv[i + 1]);
    else if (word == "-s")
      options.megabytes = std::stoull(argv[i + 1]);
    else
      throw std::invalid_argument("usage: copyup [-n ROUNDS] [-s MEGABYTES]");
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) try {
  const Options options = parse(argc, argv);
  if (::geteuid() != 0) {
    fmt::print("skipped: needs root\n");
    return 0;
  }
  check(::unshare(CLONE_NEWNS), "unshare the mounts");
  check(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "make the mounts private");
  const fs::path bin = fs::read_symlink("/proc/self/exe").parent_path();
  const Scratch scratch{bin.parent_path(), options.megabytes << 20U};
  Times times;
  for (int round = 0; round < options.rounds; ++round)
    for (std::size_t view = 0; view < kViews.size(); ++view) measure_view(scratch, view, times);
  fmt::print("| a file of {} MB: | {} | {} | × | {} |\n| --- | --: | --: | --: | --: |\n", options.megabytes,
             kViews[0], kViews[1], kViews[2]);
  for (std::size_t step = 0; step < kSteps.size(); ++step) {
    std::array<double, kViews.size()> medians{};
    for (std::size_t view = 0; view < kViews.size(); ++view) medians[view] = median(times[step][view]);
    fmt::print("| {} | {} | {} | {:.{}f} | {} |\n", kSteps[step].name, time_words(medians[0]),
               time_words(medians[1]), medians[1] / medians[0], medians[1] < 10 * medians[0] ? 1 : 0,
               time_words(medians[2]));
  }
  utsname names{};
  ::uname(&names);
  fmt::print("\nLinux {}; medians of {} rounds, by `tests/bench/copyup`.\n", names.release, options.rounds);
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "copyup: {}\n", error.what());
  return 1;
}
