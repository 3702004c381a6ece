// adopt REPORT COMMAND...: runs a command as the foster parent of every process that it loses.
//
// A test that forgets a process loses it: its parent ends, and the kernel hands it to process 1, where it is
// one of many. With PR_SET_CHILD_SUBREAPER the kernel hands such orphans to us, however often they forked,
// and whatever session or namespace they moved to. So whoever is still our child after the command ended, and
// does not end by itself within a few seconds, was left behind: it is named on standard error and in the file
// REPORT, and killed. The exit code is then 86 where the command's was 0.

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr int kLeftBehind = 86;
constexpr auto kGrace = std::chrono::seconds{3};

std::string text_of(const std::string& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::string command_line(pid_t pid) {
  std::string words = text_of("/proc/" + std::to_string(pid) + "/cmdline");
  for (char& byte : words)
    if (byte == '\0') byte = ' ';
  return words.empty() ? text_of("/proc/" + std::to_string(pid) + "/comm") : words;
}

/// Our children of this moment, the adopted ones among them.
std::vector<pid_t> children() {
  std::ifstream file{"/proc/self/task/" + std::to_string(::getpid()) + "/children"};
  return {std::istream_iterator<pid_t>{file}, {}};
}

void reap() {
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

/// Names and kills whoever does not end by itself; true if there was one.
bool somebody_is_left(const char* report) {
  const auto end = std::chrono::steady_clock::now() + kGrace;
  for (reap(); !children().empty() && std::chrono::steady_clock::now() < end; reap())
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  bool any = false;
  for (auto left = children(); !left.empty(); left = children()) {
    for (const pid_t pid : left) {
      const std::string line =
          "left behind: process " + std::to_string(pid) + ": " + command_line(pid) + "\n";
      std::fputs(line.c_str(), stderr);
      std::ofstream{report, std::ios::app} << line;
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
      any = true;
    }
  }
  return any;
}

/// Waits for the command, reaping orphans that end meanwhile.
int wait_for(pid_t command) {
  for (int status = 0;;) {
    const pid_t ended = ::waitpid(-1, &status, 0);
    if (ended == command) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (ended == -1 && errno != EINTR) return 125;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: adopt REPORT COMMAND [ARGUMENT...]\n");
    return 125;
  }
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == -1) {
    std::fprintf(stderr, "adopt: cannot become a subreaper: %s\n", std::strerror(errno));
    return 125;
  }
  const pid_t command = ::fork();
  if (command == -1) return 125;
  if (command == 0) {
    ::execvp(argv[2], argv + 2);
    std::fprintf(stderr, "adopt: cannot run %s: %s\n", argv[2], std::strerror(errno));
    ::_exit(127);
  }
  // Ctrl-C and friends are the command's to answer; we stay, to look after what it leaves.
  for (const int signal : {SIGINT, SIGQUIT, SIGTERM, SIGHUP}) ::signal(signal, SIG_IGN);
  const int code = wait_for(command);
  return somebody_is_left(argv[1]) && code == 0 ? kLeftBehind : code;
}
