// build [-n ROUNDS] [--small FILES] [--large MB] [--steps STEPS]: what a build costs beside `buildah build
// --layers` of the same Dockerfile, alternating, as a table in Markdown. The bases are the root file system
// of every chapter's commands. Each works in a store of its own below the build directory, or where BENCH_DIR
// says; nothing is left. Where buildah is not installed, ours stands alone.

#include <fcntl.h>
#include <fmt/core.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

struct Options {
  int rounds = 5;
  int small_files = 20'000;
  int large_megabytes = 500;
  int steps = 30;
};

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string word = argv[i];
    int* const target = word == "-n"        ? &options.rounds
                        : word == "--small" ? &options.small_files
                        : word == "--large" ? &options.large_megabytes
                        : word == "--steps" ? &options.steps
                                            : nullptr;
    if (target == nullptr)
      throw std::invalid_argument("usage: build [-n ROUNDS] [--small FILES] [--large MB] [--steps STEPS]");
    *target = std::stoi(argv[i + 1]);
  }
  return options;
}

/// Runs a command whose output nobody wants; how long it took, in milliseconds.
double run(const Words& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = ::vfork();
  if (child == 0) {
    const int log = ::open("bench.log", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ::dup2(log, 1);
    ::dup2(log, 2);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  if (status != 0) {
    std::ifstream log{"bench.log"};
    throw std::runtime_error(fmt::format("{} {} failed: {}", words.at(0), words.at(1),
                                         std::string{std::istreambuf_iterator<char>{log}, {}}));
  }
  return took.count();
}

double median(std::vector<double> times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

bool is_installed(const std::string& program) {
  const char* const path = std::getenv("PATH");
  std::string rest = path == nullptr ? "" : path;
  for (std::size_t end = 0; !rest.empty(); rest.erase(0, end)) {
    end = std::min(rest.find(':') + 1, rest.size());
    if (end == 0) end = rest.size();
    if (fs::exists(fs::path{rest.substr(0, rest.find(':'))} / program)) return true;
  }
  return false;
}

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream{path} << text;
}

/// Who builds: how, and how what was built before is forgotten.
struct Builder {
  std::string name;
  std::function<Words(const fs::path& context)> build;
  std::function<void()> forget;
};

class Room {
 public:
  Room(const fs::path& where, const fs::path& bin) : path_{where / fmt::format("build.{}", ::getpid())} {
    fs::create_directories(path_);
    fs::current_path(path_);
    const std::string stage = bin / "stage12";
    ::setenv("DOCKWRIGHT_ROOT", (path_ / "store").c_str(), 1);
    run({"tar", "-C", (bin.parent_path() / "rootfs").string(), "-cf", "box.tar", "."});
    run({stage, "import", "box.tar", "box"});
    run({stage, "save", "-o", "box-image.tar", "box"});
    builders_.push_back({"ours",
                         [stage](const fs::path& context) {
                           return Words{stage, "build", "-t", "built", context.string()};
                         },
                         [stage] {
                           run({stage, "rmi", "-f", "built"});
                           run({stage, "builder", "prune", "-af"});
                         }});
    if (is_installed("buildah")) add_buildah();
  }
  Room(const Room&) = delete;
  ~Room() {
    fs::current_path("/");
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::vector<Builder>& builders() const { return builders_; }
  [[nodiscard]] fs::path context(const std::string& name, const std::string& dockerfile) const {
    write(path_ / name / "Dockerfile", dockerfile);
    return path_ / name;
  }

 private:
  void add_buildah() {
    const Words begin{"buildah", "--root", (path_ / "p").string(), "--runroot", (path_ / "r").string()};
    const auto buildah = [begin](Words words) {
      words.insert(words.begin(), begin.begin(), begin.end());
      return words;
    };
    run(buildah({"pull", "-q", "docker-archive:box-image.tar"}));
    builders_.push_back({"buildah",
                         [buildah](const fs::path& context) {
                           Words words = buildah({"build", "--layers", "-t", "built"});
                           // crun knows no hybrid hierarchy of control groups.
                           if (is_installed("runc")) words.insert(words.end(), {"--runtime", "runc"});
                           words.push_back(context.string());
                           return words;
                         },
                         [buildah, path = path_] {
                           run(buildah({"rmi", "-af"}));
                           run(buildah({"pull", "-q", "docker-archive:box-image.tar"}));
                         }});
  }

  fs::path path_;
  std::vector<Builder> builders_{};
};

/// What is measured: `before` is done before each build of it.
struct Case {
  std::string name;
  fs::path context;
  bool cached;    ///< Built before, and again.
  double budget;  ///< The most that ours may take of buildah's time.
};

void measure(const Room& room, const Case& one, int rounds) {
  std::vector<std::vector<double>> times(room.builders().size());
  for (std::size_t i = 0; one.cached && i < times.size(); ++i) run(room.builders()[i].build(one.context));
  for (int round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (!one.cached) {
        run(room.builders()[i].build(one.context));  // so that there is something to forget
        room.builders()[i].forget();
      }
      times[i].push_back(run(room.builders()[i].build(one.context)));
    }
  const double ours = median(times[0]);
  if (times.size() < 2) {
    fmt::print("| {} | {:.0f} ms | – | – | {:.2f} |\n", one.name, ours, one.budget);
    return;
  }
  const double theirs = median(times[1]);
  fmt::print("| {} | {:.0f} ms | {:.0f} ms | {:.3f} | {:.2f}, {} |\n", one.name, ours, theirs, ours / theirs,
             one.budget, ours <= one.budget * theirs ? "kept" : "missed");
  std::fflush(stdout);
}

std::string many_steps(int steps) {
  std::string text = "FROM box\n";
  for (int i = 0; i < steps; ++i) text += fmt::format("RUN echo {0} > /step-{0}\n", i);
  return text;
}

/// As the Flask sample: a list of what is needed, its installation, and then the program.
fs::path flask_like(const Room& room) {
  const fs::path context = room.context("flask",
                                        "FROM box\nWORKDIR /app\nCOPY requirements.txt .\n"
                                        "RUN cat requirements.txt > installed\nCOPY . .\n"
                                        "EXPOSE 8080\nCMD [\"sh\", \"app.sh\"]\n");
  write(context / "requirements.txt", "flask\nwaitress\n");
  write(context / "app.sh", "echo hello\n");
  return context;
}

fs::path small_files(const Room& room, int count) {
  const fs::path context = room.context("small", "FROM box\nCOPY files /files\n");
  for (int i = 0; i < count; ++i)
    write(context / "files" / std::to_string(i / 200) / std::to_string(i),
          std::string(1000, 'x') + std::to_string(i));
  return context;
}

/// Bytes that no file system and no packer makes small.
fs::path large_file(const Room& room, int megabytes) {
  const fs::path context = room.context("large", "FROM box\nCOPY large /large\n");
  std::ofstream file{context / "large", std::ios::binary};
  std::mt19937_64 random{1};
  std::vector<std::uint64_t> block((1U << 20U) / sizeof(std::uint64_t));
  for (int i = 0; i < megabytes; ++i) {
    for (std::uint64_t& word : block) word = random();
    file.write(reinterpret_cast<const char*>(block.data()), 1 << 20);
  }
  return context;
}

}  // namespace

int main(int argc, char** argv) try {
  const Options options = parse(argc, argv);
  if (::geteuid() != 0) {
    fmt::print("skipped: needs root\n");
    return 0;
  }
  const fs::path bin = fs::read_symlink("/proc/self/exe").parent_path();
  const char* const where = std::getenv("BENCH_DIR");
  const Room room{where != nullptr ? fs::path{where} : bin.parent_path(), bin};
  const fs::path steps = room.context("steps", many_steps(options.steps));
  const fs::path flask = flask_like(room);
  const fs::path small = small_files(room, options.small_files);
  const fs::path large = large_file(room, options.large_megabytes);
  fmt::print("| build | stage 12 | buildah | × | budget |\n| --- | --: | --: | --: | --- |\n");
  for (const Case& one :
       {Case{fmt::format("{} trivial RUN steps, cold", options.steps), steps, false, 0.05},
        Case{"Flask-like, 5 steps, cold", flask, false, 0.12}, Case{"the same, cached", flask, true, 0.08},
        Case{fmt::format("COPY of {} small files", options.small_files), small, false, 0.5},
        Case{"the same, cached", small, true, 0.5},
        Case{fmt::format("COPY of one file of {} MB", options.large_megabytes), large, false, 0.5},
        Case{"the same, cached", large, true, 0.5}})
    measure(room, one, options.rounds);
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "build: {}\n", error.what());
  return 1;
}
