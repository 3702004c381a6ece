// The surroundings of the column `closed`: whatever the kernel offers to shut a process in, at once and
// without a runtime. It exists to prove the probes: one that is red in all stages so far must turn green
// here, or it is no probe.

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

#include "book/workbook/runtime.hpp"
#include "common/check.hpp"
#include "common/pipe.hpp"

namespace dockwright::workbook::matrix {

namespace {

void write_to(const char* file, std::string_view text) {
  const UniqueFd fd{check(::open(file, O_WRONLY | O_CLOEXEC), "open {}", file)};
  check(::write(fd.get(), text.data(), text.size()), "write {}", file);
}

/// Writes who is who in the user namespace of `process`: user 0 inside is user 65534 outside. Only a process
/// outside may.
[[noreturn]] void write_maps(pid_t process, const UniqueFd& ready) {
  char byte = 0;
  try {
    check(retry([&] { return ::read(ready.get(), &byte, 1); }), "wait for the namespace");
    const auto proc = "/proc/" + std::to_string(process);
    write_to((proc + "/uid_map").c_str(), "0 65534 1");
    write_to((proc + "/gid_map").c_str(), "0 65534 1");
  } catch (const std::exception&) {
    ::_exit(1);
  }
  ::_exit(0);
}

void enter_namespaces() {
  Pipe ready = make_pipe();
  const pid_t self = ::getpid();
  const pid_t helper = check(::fork(), "fork a helper");
  if (helper == 0) {
    ready.write_end.reset();  // or it would wait for itself
    write_maps(self, ready.read_end);
  }
  check(::unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWPID), "make user, network and PID namespaces");
  ready.write_end.reset();
  int status = 0;
  check(retry([&] { return ::waitpid(helper, &status, 0); }), "collect the helper");
  if (status != 0) throw std::runtime_error("the maps of the user namespace cannot be written");
  check(::setresgid(0, 0, 0), "become group 0 inside");
  check(::setresuid(0, 0, 0), "become user 0 inside");
}

void limit(__rlimit_resource_t resource, rlim_t value) {
  const rlimit both{.rlim_cur = value, .rlim_max = value};
  check(::setrlimit(resource, &both), "lower a limit");
}

void drop_everything() {
  for (int capability = 0; ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability)
    check(::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0), "drop capability {}", capability);
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, 2> none{};
  check(::syscall(SYS_capset, &header, none.data()), "give up all capabilities");
  check(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "set no_new_privs");
}

/// EPERM for the calls that the probe tries, everything else allowed: a filter that a test can read, not one
/// to trust.
void load_filter() {
  constexpr std::array kRefused = {
      SYS_mount,          SYS_unshare,          SYS_setns,       SYS_bpf,
      SYS_keyctl,         SYS_add_key,          SYS_userfaultfd, SYS_perf_event_open,
      SYS_io_uring_setup, SYS_open_by_handle_at};
  constexpr auto kCount = kRefused.size();
  std::array<sock_filter, kCount + 3> program{};
  program[0] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr));
  for (std::size_t i = 0; i < kCount; ++i) {
    const auto to_refusal = static_cast<__u8>(kCount - i);
    program[i + 1] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<__u32>(kRefused[i]), to_refusal, 0);
  }
  program[kCount + 1] = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  program[kCount + 2] = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
  const sock_fprog filter{.len = static_cast<unsigned short>(program.size()), .filter = program.data()};
  check(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0), "load the filter");
}

/// A twentieth of a processor without a cgroup: the child runs 5 ms and is stopped for 95, after a start of
/// 15 ms that suffices for most. Gives back its exit code.
int ration(pid_t child) {
  const UniqueFd handle{static_cast<int>(check(::syscall(SYS_pidfd_open, child, 0), "open a handle"))};
  int slice = 15;
  for (bool running = true;; running = !running) {
    pollfd end{.fd = handle.get(), .events = POLLIN, .revents = 0};
    if (::poll(&end, 1, slice) > 0) break;
    slice = running ? 95 : 5;
    ignore(::kill(child, running ? SIGSTOP : SIGCONT), "it may just have ended");
  }
  int status = 0;
  check(retry([&] { return ::waitpid(child, &status, 0); }), "collect the child");
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

void close_everything() {
  enter_namespaces();
  const pid_t child = check(::fork(), "fork process 1");  // the next child is process 1 of the new namespace
  if (child > 0) {
    ::close_range(3, ~0U, 0);
    ::_exit(ration(child));
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Memory and the number of processes are limited as a cgroup would limit them; for user 65534 these limits
  // hold.
  limit(RLIMIT_AS, 48 << 20);
  limit(RLIMIT_NPROC, 32);
  drop_everything();
  load_filter();
}

}  // namespace dockwright::workbook::matrix
