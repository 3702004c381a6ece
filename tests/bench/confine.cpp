// confine [-n ROUNDS]: what it costs a start to be confined by a filter, or by Landlock; as a table in
// Markdown.
//
// A static `true` is run again and again: bare, under the default filter of chapter 7 as the stages have it,
// under the two programs that libseccomp itself would make of the same profile, and under `landlock`. The
// times are those from fork to the end of the child, so they hold what the kernel does to load a filter, to
// translate it, and to drop it again.

#include <fmt/core.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "chapters/07-privileges/compiler/filter.hpp"

namespace {

using namespace dockwright;
using Program = std::vector<sock_filter>;

struct Contender {
  std::string name;
  Program filter{};
  std::vector<std::string> command{};
  std::vector<double> times{};
};

void load(const Program& filter) {
  const sock_fprog program{static_cast<unsigned short>(filter.size()),
                           const_cast<sock_filter*>(filter.data())};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0)
    ::_exit(125);
}

/// Microseconds from fork to the end of the child. @throws std::runtime_error when it failed
double run(const Contender& contender) {
  std::vector<char*> words;
  for (const std::string& word : contender.command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    if (!contender.filter.empty()) load(contender.filter);
    ::execv(words[0], words.data());
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0) throw std::runtime_error(contender.name + ": it failed");
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double>& times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

std::vector<Contender> contenders(const std::filesystem::path& bin) {
  const std::string program = bin / "bench_true";
  const Profile profile =
      read_profile("seccomp.json", default_profile(), circumstances_here(default_capabilities()));
  const auto filtered = [&](const char* name, Search search) {
    Program filter = make_filter(profile, search);
    std::string full = fmt::format("{} ({} instructions)", name, filter.size());
    return Contender{.name = std::move(full), .filter = std::move(filter), .command = {program}};
  };
  return {{.name = "nothing", .command = {program}},
          filtered("the filter of stage 7", Search::ranges),
          filtered("libseccomp's, as a tree", Search::tree),
          filtered("libseccomp's, as a list", Search::list),
          {.name = "`landlock --read /`, one more program",
           .command = {bin / "landlock", "--read", "/", program}}};
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc == 3 && std::string{argv[1]} == "-n" ? std::atoi(argv[2]) : 300;
  try {
    std::vector<Contender> all = contenders(std::filesystem::read_symlink("/proc/self/exe").parent_path());
    for (int round = -2; round < rounds; ++round)  // two rounds to warm the caches
      for (Contender& contender : all)
        if (const double time = run(contender); round >= 0) contender.times.push_back(time);
    fmt::print("| a static `true`, confined by | median µs | more than bare |\n| --- | --: | --: |\n");
    const double bare = median(all.front().times);
    for (Contender& contender : all)
      fmt::print("| {} | {:.0f} | {:.0f} |\n", contender.name, median(contender.times),
                 median(contender.times) - bare);
    utsname names{};
    ::uname(&names);
    fmt::print("\nLinux {}; medians of {} alternating runs, by `tests/bench/confine`.\n", names.release,
               rounds);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "confine: {}\n", error.what());
    return 1;
  }
}
