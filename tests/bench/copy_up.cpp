// copy_up [-n ROUNDS]: what the first and the second write to a file of a lower layer cost; as a table in
// Markdown.
//
// For each size, a file lies in the lower directory of an overlay, and a byte is appended to it through the
// overlay, twice. Beside it the same in a directory without an overlay, as in a volume. All directories are
// on the file system of the working directory (TMPDIR, if it is set). The overlay is in a mount namespace of
// our own, and goes with us.

#include <fcntl.h>
#include <fmt/core.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "common/check.hpp"
#include "common/unique_fd.hpp"

namespace {

using namespace dockwright;
namespace fs = std::filesystem;

struct Size {
  const char* name;
  std::size_t bytes;
  std::vector<double> volume{}, first{}, second{};
};

/// A scratch directory with an overlay in it, gone with its owner.
class Scratch {
 public:
  Scratch() {
    check(::mkdtemp(path_.data()) == nullptr ? -1 : 0, "make a temporary directory");
    for (const char* name : {"lower", "upper", "work", "merged", "volume"})
      fs::create_directory(fs::path{path_} / name);
    const std::string options = fmt::format("lowerdir={0}/lower,upperdir={0}/upper,workdir={0}/work", path_);
    check(::mount("overlay", (path_ + "/merged").c_str(), "overlay", 0, options.c_str()), "mount an overlay");
  }
  ~Scratch() {
    ::umount2((path_ + "/merged").c_str(), MNT_DETACH);
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_ = [] {
    const char* base = std::getenv("TMPDIR");
    return std::string{base != nullptr && *base == '/' ? base : "."} + "/copy-up-XXXXXX";
  }();
};

void make_file(const std::string& path, std::size_t bytes) {
  std::ofstream file{path, std::ios::binary};
  const std::string piece(1U << 20U, 'x');
  for (std::size_t left = bytes; left > 0; left -= std::min(left, piece.size()))
    file.write(piece.data(), static_cast<std::streamsize>(std::min(left, piece.size())));
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

/// Milliseconds to open a file, append a byte, and close it.
double append(const std::string& path) {
  const auto start = std::chrono::steady_clock::now();
  {
    const UniqueFd file{check(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC), "open {}", path)};
    check(::write(file.get(), "y", 1), "write to {}", path);
  }
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

void measure(Size& size) {
  const Scratch scratch;
  make_file(scratch.file("volume/file"), size.bytes);
  make_file(scratch.file("lower/file"), size.bytes);
  ::sync();  // what is written at leisure must not be written while we measure
  size.volume.push_back(append(scratch.file("volume/file")));
  size.first.push_back(append(scratch.file("merged/file")));
  size.second.push_back(append(scratch.file("merged/file")));
}

double median(std::vector<double>& times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

void print(std::vector<Size>& sizes, int rounds) {
  fmt::print(
      "| the file has | in a volume, ms | first write through an overlay, ms | second write, ms |\n"
      "| --- | --: | --: | --: |\n");
  for (Size& size : sizes)
    fmt::print("| {} | {:.3f} | {:.3f} | {:.3f} |\n", size.name, median(size.volume), median(size.first),
               median(size.second));
  utsname names{};
  ::uname(&names);
  fmt::print("\nLinux {}; one byte appended, medians of {} rounds, by `tests/bench/copy_up`.\n",
             names.release, rounds);
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc == 3 && std::string{argv[1]} == "-n" ? std::atoi(argv[2]) : 9;
  if (::geteuid() != 0) {
    fmt::print("skipped: needs root, who may mount an overlay\n");
    return 0;
  }
  try {
    check(::unshare(CLONE_NEWNS), "make a mount namespace");
    check(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "make mounts private");
    std::vector<Size> sizes = {
        {"4 KiB", 4U << 10U}, {"1 MiB", 1U << 20U}, {"16 MiB", 16U << 20U}, {"256 MiB", 256U << 20U}};
    for (int round = 0; round < rounds; ++round)
      for (Size& size : sizes) measure(size);
    print(sizes, rounds);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "copy_up: {}\n", error.what());
    return 1;
  }
}
