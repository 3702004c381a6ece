// images [-n ROUNDS] [-i IMAGES]: what images cost, as a table in Markdown: `run IMAGE` beside `run --rootfs`
// of the same files, alternating, and the list of many images. It works in a store of its own below the build
// directory, or where BENCH_DIR says, and leaves nothing.

#include <fcntl.h>
#include <fmt/core.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

/// Runs a command whose output nobody wants; how long it took, in milliseconds.
double run(const Words& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = ::vfork();
  if (child == 0) {
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(null, 1);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  if (status != 0) throw std::runtime_error(fmt::format("{} {} failed", words.at(0), words.at(1)));
  return took.count();
}

double median(std::vector<double> times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

struct Options {
  int rounds = 200;
  int images = 200;
};

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string word = argv[i];
    if (word == "-n")
      options.rounds = std::stoi(argv[i + 1]);
    else if (word == "-i")
      options.images = std::stoi(argv[i + 1]);
    else
      throw std::invalid_argument("usage: images [-n ROUNDS] [-i IMAGES]");
  }
  return options;
}

/// A store with the root file system as an image, and many small ones beside it.
class Room {
 public:
  Room(const fs::path& where, const fs::path& bin, int images)
      : path_{where / fmt::format("images.{}", ::getpid())}, stage_{(bin / "stage09").string()} {
    fs::create_directories(path_ / "empty");
    ::setenv("DOCKWRIGHT_ROOT", (path_ / "store").c_str(), 1);
    const fs::path rootfs = bin.parent_path() / "rootfs";
    const auto pack = [&](const fs::path& directory, const std::string& archive) {
      run({"tar", "-C", directory.string(), "-cf", (path_ / archive).string(), "."});
    };
    pack(rootfs, "box.tar");
    pack(path_ / "empty", "empty.tar");
    run({stage_, "import", (path_ / "box.tar").string(), "box"});
    run({stage_, "run", "box", "true"});
    for (int i = 1; i < images; ++i)
      run({stage_, "import", "--change", fmt::format("LABEL number={}", i), (path_ / "empty.tar").string(),
           fmt::format("many/{}:1", i)});
    run({"cp", "-a", rootfs.string(), (path_ / "rootfs").string()});
  }
  Room(const Room&) = delete;
  ~Room() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::string& stage() const { return stage_; }
  [[nodiscard]] std::string rootfs() const { return path_ / "rootfs"; }

 private:
  fs::path path_;
  std::string stage_;
};

}  // namespace

int main(int argc, char** argv) try {
  const Options options = parse(argc, argv);
  if (::geteuid() != 0) {
    fmt::print("skipped: needs root\n");
    return 0;
  }
  const fs::path bin = fs::read_symlink("/proc/self/exe").parent_path();
  const char* const where = std::getenv("BENCH_DIR");
  const Room room{where != nullptr ? fs::path{where} : bin.parent_path(), bin, options.images};
  const std::vector<std::pair<std::string, Words>> contenders = {
      {"run --rootfs DIR", {room.stage(), "run", "--rootfs", room.rootfs(), "true"}},
      {"run --rootfs DIR:O", {room.stage(), "run", "--rootfs", room.rootfs() + ":O", "true"}},
      {"run IMAGE", {room.stage(), "run", "box", "true"}},
      {fmt::format("images, {} of them", options.images), {room.stage(), "images"}},
      {"--version", {room.stage(), "--version"}}};
  std::vector<std::vector<double>> times(contenders.size());
  for (int round = 0; round < options.rounds; ++round)
    for (std::size_t i = 0; i < contenders.size(); ++i) times[i].push_back(run(contenders[i].second));
  const double plain = median(times[0]);
  fmt::print("| stage 9 | median | × |\n| --- | --: | --: |\n");
  for (std::size_t i = 0; i < contenders.size(); ++i)
    fmt::print("| `{}` | {:.2f} ms | {:.2f} |\n", contenders[i].first, median(times[i]),
               median(times[i]) / plain);
  fmt::print("\nBudgets: `run IMAGE` 1.15 of `run --rootfs` ({}), 200 images in 20 ms ({}).\n",
             median(times[2]) <= 1.15 * plain ? "kept" : "missed",
             median(times[3]) <= 20 ? "kept" : "missed");
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "images: {}\n", error.what());
  return 1;
}
