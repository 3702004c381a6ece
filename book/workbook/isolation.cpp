#include "book/workbook/isolation.hpp"

#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>

#include "book/workbook/shell_driver.hpp"
#include "book/workbook/subprocess.hpp"
#include "book/workbook/text.hpp"
#include "common/check.hpp"
#include "common/pipe.hpp"

namespace dockwright::workbook {

namespace fs = std::filesystem;

namespace {

constexpr int kSecondsToEnd = 5;

/// The link to ourselves is there in a new network, and down.
void raise_loopback() {
  const UniqueFd socket{check(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "open a socket")};
  ifreq request{};
  request.ifr_name[0] = 'l';
  request.ifr_name[1] = 'o';
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  check(::ioctl(socket.get(), SIOCSIFFLAGS, &request), "raise the loopback link");
}

/// Mounts, the host's name and shared memory: what a wrong exercise may break is only this copy. The copy's
/// host name is "host", so that transcripts are the same on every machine.
void enter_namespaces(const Job& job) {
  if (::geteuid() != 0) return;
  const int network = job.loopback ? CLONE_NEWNET : 0;
  check(::unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | network), "make namespaces for the sandbox");
  if (job.loopback) raise_loopback();
  check(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "make the sandbox's mounts private");
  check(::sethostname("host", 4), "name the sandbox's host");
}

void set_environment(const Job& job, const fs::path& work) {
  std::vector<std::pair<std::string, std::string>> values = {
      {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
      {"HOME", "/root"},
      {"TERM", "dumb"},
      {"LANG", "C.UTF-8"},
      {"NO_COLOR", "1"},
      {"WORK", work.string()},
      {"ROOTFS", (work / "rootfs").string()},
      {"DOCKWRIGHT_ROOT", (work / "store").string()},
      {"DOCKER_CONFIG", (work / ".docker").string()}};
  values.insert(values.end(), job.environment.begin(), job.environment.end());
  ::clearenv();
  for (const auto& [name, value] : values) ::setenv(name.c_str(), value.c_str(), 1);
}

JobReport run_steps(const Job& job) {
  JobReport report;
  ShellDriver shell{job.terminal};
  std::optional<ShellDriver> host;
  for (const auto& step : job.steps) {
    StepResult result;
    if (step.where == Step::Where::host) {
      if (!host) host.emplace(false);
      result = host->run(step.text, job.seconds);
    } else if (step.where == Step::Where::box) {
      result = shell.is_running()
                   ? shell.type(step.text, job.seconds)
                   : StepResult{"the command before this line has ended already\n", 125, false};
    } else {
      shell.finish(kSecondsToEnd);
      result = step.stays ? shell.start(step.text, job.seconds) : shell.run(step.text, job.seconds);
    }
    report.results.push_back(std::move(result));
    if (report.results.back().timed_out) break;
  }
  shell.finish(kSecondsToEnd);
  return report;
}

/// The child of the keeper: into the namespaces, the steps, the report.
[[noreturn]] void work_in(const fs::path& work, const Job& job, const UniqueFd& report_fd) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::signal(SIGPIPE, SIG_IGN);
  JobReport report;
  try {
    enter_namespaces(job);
    fs::current_path(work);
    if (!job.rootfs.empty()) {
      // As a root file system is: root's, whoever has built the one that is copied.
      const char* const owners = ::geteuid() == 0 ? "--no-preserve=ownership" : "--preserve=ownership";
      const auto copy = run_program({"cp", "-a", owners, job.rootfs, (work / "rootfs").string()});
      // One that root has made has a corner that a user may not read (/root): that is no loss to what a user
      // can check.
      if (copy.exit_code != 0 && ::geteuid() == 0)
        throw std::runtime_error("cannot copy the root file system: " + trim(copy.out));
    }
    set_environment(job, work);
    report = run_steps(job);
  } catch (const std::exception& error) {
    report.problem = error.what();
  }
  try {
    write_all(report_fd, encode(report), "hand over a report");
  } catch (const std::exception&) {
    ::_exit(1);  // Nobody listens any more: the keeper cleans up.
  }
  ::_exit(0);
}

/// Kills every process that is or becomes our child, until there is none.
void kill_all_children() {
  for (;;) {
    for (const auto& child : split_words(read_file("/proc/thread-self/children")))
      ::kill(std::atoi(child.c_str()), SIGKILL);
    const pid_t ended = ::waitpid(-1, nullptr, WNOHANG);
    if (ended == -1) return;
    if (ended == 0) ::usleep(2'000);
  }
}

/// Waits for the worker; a signal that asks us to end ends the waiting. @returns that signal, or 0.
int wait_for(pid_t worker, const sigset_t& signals) {
  for (;;) {
    int status = 0;
    if (::waitpid(worker, &status, WNOHANG) == worker) return 0;
    const timespec second{1, 0};
    const int signal = ::sigtimedwait(&signals, nullptr, &second);
    if (signal > 0 && signal != SIGCHLD) return signal;
  }
}

/// The keeper. @returns the exit code: 0, or 128 and the number of the signal that ended it.
int keep(const Job& job, const UniqueFd& report_fd) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : {SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT}) ::sigaddset(&signals, signal);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  const char* base = std::getenv("TMPDIR");
  std::string name = std::string{base != nullptr && *base == '/' ? base : "/tmp"} + "/workbook-XXXXXX";
  check(::mkdtemp(name.data()) == nullptr ? -1 : 0, "make a temporary directory {}", name);
  const pid_t worker = check(::fork(), "start the sandbox");
  if (worker == 0) work_in(name, job, report_fd);
  const int signal = wait_for(worker, signals);
  kill_all_children();
  std::error_code ignored;  // What cannot be removed is reported by the test that looks for leftovers.
  fs::remove_all(name, ignored);
  return signal == 0 ? 0 : 128 + signal;
}

/// As ourselves: the keeper is a child of ours.
std::string run_as_we_are(const Job& job) {
  Pipe report = make_pipe();
  std::fflush(nullptr);  // a fork must not print once more what waits in our buffers
  const pid_t parent = ::getpid();
  const pid_t keeper = check(::fork(), "start the sandbox");
  if (keeper == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    report.read_end.reset();
    int code = 1;
    try {
      if (::getppid() == parent) code = keep(job, report.write_end);
    } catch (const std::exception& error) {
      write_all(report.write_end, encode(JobReport{.results = {}, .problem = error.what()}),
                "hand over a report");
    }
    ::_exit(code);
  }
  report.write_end.reset();
  auto text = read_to_end(report.read_end.get());
  ::waitpid(keeper, nullptr, 0);
  return text;
}

/// As root through sudo: the keeper is `workbook isolated`.
std::string run_through_sudo(const Job& job) {
  const auto self = fs::read_symlink("/proc/self/exe").string();
  return run_program({"sudo", "--", self, "isolated"}, {.input = encode(job), .output = Output::errors_shown})
      .out;
}

}  // namespace

bool can_be_root() {
  if (::geteuid() == 0) return true;
  if (run_program({"sudo", "-n", "true"}).exit_code == 0) return true;
  return ::isatty(STDIN_FILENO) == 1 && run_program({"sudo", "-V"}).exit_code == 0;
}

JobReport run_isolated(const Job& job) {
  if (job.needs_root && !can_be_root())
    return {
        .results = {},
        .problem =
            "it needs root, and there is no root here: we are not root, and sudo cannot ask for a password"};
  const auto text = job.needs_root && ::geteuid() != 0 ? run_through_sudo(job) : run_as_we_are(job);
  if (text.empty()) return {.results = {}, .problem = "the sandbox ended without a report"};
  return decode_report(text);
}

int serve_isolated() {
  const UniqueFd report{STDOUT_FILENO};
  return keep(decode_job(read_to_end(STDIN_FILENO)), report);
}

}  // namespace dockwright::workbook
