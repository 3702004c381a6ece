#include "book/workbook/matrix_lab.hpp"

#include <fmt/format.h>
#include <linux/sched.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/check.hpp"
#include "common/unique_fd.hpp"

namespace dockwright::workbook::matrix {

namespace fs = std::filesystem;

namespace {

// Not "dockwright-": stages from 5 on take an abandoned group of that name for one of theirs, and kill what
// is in it.
constexpr std::string_view kPrefix = "workbook-matrix-";
constexpr std::array kEndings = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

sigset_t endings() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : kEndings) sigaddset(&set, signal);
  return set;
}

int exit_code_of(int status) { return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status); }

/// The worker: what it throws is printed here, since nobody above it can catch it.
[[noreturn]] void work_and_exit(const std::function<int()>& work) {
  int status = 1;
  try {
    status = work();
  } catch (const std::exception& error) {
    fmt::print(stderr, "workbook: {}\n", error.what());
  }
  std::fflush(stdout);
  std::fflush(stderr);
  ::_exit(status);
}

/// Process 1 of the laboratory: collects whatever ends, until the worker does.
[[noreturn]] void be_process_one(const std::function<int()>& work, const sigset_t& before) {
  try {
    check(::prctl(PR_SET_PDEATHSIG, SIGKILL), "ask to end with the workbook");
    check(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "make all mounts private");
    check(::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr), "mount /proc");
    const pid_t worker = check(::fork(), "fork the worker");
    if (worker == 0) {
      ::sigprocmask(SIG_SETMASK, &before, nullptr);
      ignore(::prctl(PR_SET_PDEATHSIG, SIGKILL), "process 1 cannot end without us");
      work_and_exit(work);
    }
    for (int status = 0;;) {
      const pid_t ended = ::wait(&status);
      if (ended == worker) ::_exit(exit_code_of(status));
      if (ended == -1 && errno != EINTR) ::_exit(1);
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "workbook: {}\n", error.what());
  }
  ::_exit(1);
}

/// Waits for the laboratory's end; one of the signals ends it early. Gives back that signal, or 0.
int await(const UniqueFd& laboratory, const UniqueFd& signals) {
  std::array<pollfd, 2> watched = {{{.fd = laboratory.get(), .events = POLLIN, .revents = 0},
                                    {.fd = signals.get(), .events = POLLIN, .revents = 0}}};
  while (true) {
    check(retry([&] { return ::poll(watched.data(), watched.size(), -1); }), "wait for the laboratory");
    if ((watched[0].revents & POLLIN) != 0) return 0;
    signalfd_siginfo info{};
    if (::read(signals.get(), &info, sizeof info) != sizeof info) continue;
    ignore(::syscall(SYS_pidfd_send_signal, laboratory.get(), SIGKILL, nullptr, 0),
           "it may have ended by itself");
    return static_cast<int>(info.ssi_signo);
  }
}

}  // namespace

const std::string& laboratory_name() {
  static const std::string name = [] {
    unsigned number = 0;
    check(::getrandom(&number, sizeof number, 0), "get a random number");
    return fmt::format("{}{}-{:08x}", kPrefix, ::getpid(), number);
  }();
  return name;
}

void remove_groups_of_ended_runs() {
  std::vector<fs::path> ended;
  std::error_code vanished;  // groups of others come and go while we look
  auto entry = fs::recursive_directory_iterator{"/sys/fs/cgroup", vanished};
  for (; !vanished && entry != fs::recursive_directory_iterator{}; entry.increment(vanished)) {
    const auto name = entry->path().filename().string();
    if (name.rfind(kPrefix, 0) != 0) continue;
    const int pid = std::atoi(name.c_str() + kPrefix.size());
    if (pid > 0 && (pid == ::getpid() || (::kill(pid, 0) == -1 && errno == ESRCH)))
      ended.push_back(entry->path());
  }
  for (const auto& group : ended) ignore(::rmdir(group.c_str()), "one that still holds a process stays");
}

int in_laboratory(const std::function<int()>& work) {
  std::fflush(stdout);
  std::fflush(stderr);
  (void)laboratory_name();  // chosen here, so that the worker has the same
  const sigset_t set = endings();
  sigset_t before;
  ::sigprocmask(SIG_BLOCK, &set, &before);
  const UniqueFd signals{check(::signalfd(-1, &set, SFD_CLOEXEC), "watch for signals")};
  int pidfd = -1;
  clone_args arguments{};
  arguments.flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_PIDFD;
  arguments.pidfd = reinterpret_cast<std::uint64_t>(&pidfd);
  arguments.exit_signal = SIGCHLD;
  const auto child =
      check(::syscall(SYS_clone3, &arguments, sizeof arguments), "make the laboratory's namespaces");
  if (child == 0) be_process_one(work, before);
  const UniqueFd laboratory{pidfd};
  const int signal = await(laboratory, signals);
  int status = 0;
  check(retry([&] { return ::waitpid(static_cast<pid_t>(child), &status, 0); }), "collect the laboratory");
  if (status != 0) remove_groups_of_ended_runs();
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  return signal != 0 ? 128 + signal : exit_code_of(status);
}

fs::path laboratory_directory(const fs::path& needed) {
  for (const fs::path candidate : {"/media", "/opt", "/dev/shm"}) {
    const auto relative = needed.lexically_normal().lexically_relative(candidate);
    const bool hides = !relative.empty() && *relative.begin() != "..";
    if (!hides && fs::is_directory(candidate) && !fs::is_symlink(candidate)) return candidate;
  }
  throw std::runtime_error(
      "none of /media, /opt and /dev/shm is a free directory: the laboratory needs one to mount on");
}

std::vector<int> processes() {
  std::vector<int> numbers;
  for (const auto& entry : fs::directory_iterator("/proc"))
    if (const auto name = entry.path().filename().string();
        std::isdigit(static_cast<unsigned char>(name.front())) != 0)
      numbers.push_back(std::stoi(name));
  return numbers;
}

bool runs(std::string_view name) {
  for (const int pid : processes()) {
    // "17 (probe) S …": the name stands in parentheses, the state after it.
    std::ifstream file{fmt::format("/proc/{}/stat", pid)};
    std::string stat;
    std::getline(file, stat);
    const auto from = stat.find('(');
    const auto to = stat.rfind(')');
    if (from == std::string::npos || to == std::string::npos || to + 2 >= stat.size())
      continue;  // it has just gone
    if (stat.substr(from + 1, to - from - 1) == name && stat[to + 2] != 'Z') return true;
  }
  return false;
}

void end_all_but(int spared) {
  // Who is killed may have had time to fork: so until a look around finds nobody.
  for (int round = 0; round < 200; ++round) {
    bool found = false;
    for (const int pid : processes())
      if (pid != 1 && pid != ::getpid() && pid != spared && ::kill(pid, SIGKILL) == 0) found = true;
    if (!found) return;
    ::usleep(2000);
  }
  throw std::runtime_error("a process of the laboratory does not end");
}

}  // namespace dockwright::workbook::matrix
