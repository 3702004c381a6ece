/* Limits, capabilities, filters and the terminal. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "probe.h"

/* Forks a child that dies with us, so that no end of ours leaves anything behind. */
static pid_t fork_bound(void) {
  const pid_t child = fork();
  if (child == 0) prctl(PR_SET_PDEATHSIG, SIGKILL);
  return child;
}

/* Takes 64 MiB, page by page. Harmless anywhere; too much where 32 are allowed. */
const char* probe_memory(const char* unused) {
  (void)unused;
  const size_t size = (size_t)64 << 20;
  const pid_t child = fork_bound();
  if (child == -1) return "unclear";
  if (child == 0) {
    volatile char* memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) _exit(1);
    for (size_t at = 0; at < size; at += 4096) memory[at] = 1;
    _exit(0);
  }
  int status = 0;
  if (waitpid(child, &status, 0) == -1) return "unclear";
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? "unbounded" : "bounded";
}

/* Starts up to 64 processes that only wait. A fork bomb would not stop there. */
const char* probe_forks(const char* unused) {
  (void)unused;
  pid_t children[64];
  size_t count = 0;
  int refused = 0;
  while (count < 64 && !refused) {
    const pid_t child = fork_bound();
    if (child == 0)
      for (;;) pause();
    if (child > 0)
      children[count++] = child;
    else
      refused = 1;
  }
  for (size_t i = 0; i < count; ++i) kill(children[i], SIGKILL);
  for (size_t i = 0; i < count; ++i) waitpid(children[i], NULL, 0);
  return refused ? "bounded" : "unbounded";
}

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The share of one processor that we get: computes for 40 ms, or for as much of them as half a second allows. */
static double share(void) {
  const double start = seconds(CLOCK_MONOTONIC), used = seconds(CLOCK_PROCESS_CPUTIME_ID);
  while (seconds(CLOCK_PROCESS_CPUTIME_ID) - used < 0.04 && seconds(CLOCK_MONOTONIC) - start < 0.5) continue;
  return (seconds(CLOCK_PROCESS_CPUTIME_ID) - used) / (seconds(CLOCK_MONOTONIC) - start);
}

/* A busy machine also gives us little: only three small shares in a row speak for a limit. */
const char* probe_cpu(const char* unused) {
  (void)unused;
  for (int attempt = 0; attempt < 3; ++attempt)
    if (share() > 0.15) return "unbounded";
  return "bounded";
}

const char* probe_capabilities(const char* unused) {
  (void)unused;
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  struct __user_cap_data_struct sets[2];
  if (syscall(SYS_capget, &header, sets) == -1) return "unclear";
  return sets[0].effective & (1u << CAP_SYS_ADMIN) ? "held" : "dropped";
}

const char* probe_privileges(const char* unused) {
  (void)unused;
  return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? "locked" : "open";
}

const char* probe_seccomp(const char* unused) {
  (void)unused;
  return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 0 ? "unfiltered" : "filtered";
}

/* Calls that have opened kernels before, with arguments that can do nothing even where they are allowed. */
static long dangerous(int which) {
  switch (which) {
    case 0: return mount(NULL, "/no-such-directory", NULL, MS_BIND, NULL);
    case 1: return unshare(CLONE_NEWUSER);
    case 2: return setns(-1, 0);
    case 3: return syscall(SYS_bpf, 0, NULL, 0);
    case 4: return syscall(SYS_keyctl, 0, -3, 0);
    case 5: return syscall(SYS_add_key, NULL, NULL, NULL, 0, 0);
    case 6: return syscall(SYS_userfaultfd, -1);
    case 7: return syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0);
    case 8: return syscall(SYS_io_uring_setup, 0, NULL);
    default: return syscall(SYS_open_by_handle_at, -1, NULL, 0);
  }
}

/* Each in a child of its own: a filter may kill whoever asks. EPERM and ENOSYS are the doors that are shut. */
const char* probe_syscalls(const char* unused) {
  (void)unused;
  static const char* const kNumbers[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"};
  int open_doors = 0;
  for (int which = 0; which < 10; ++which) {
    const pid_t child = fork_bound();
    if (child == -1) return "unclear";
    if (child == 0) _exit(dangerous(which) == -1 && (errno == EPERM || errno == ENOSYS) ? 0 : 1);
    int status = 0;
    if (waitpid(child, &status, 0) == -1) return "unclear";
    if (WIFEXITED(status) && WEXITSTATUS(status) == 1) ++open_doors;
  }
  return kNumbers[open_doors];
}

/* Pushes a character into the terminal as if it had been typed there; whoever reads next will take it for a command. */
const char* probe_terminal(const char* unused) {
  (void)unused;
  const int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
  const int terminal = fd >= 0 ? fd : STDIN_FILENO;
  return ioctl(terminal, TIOCSTI, "X") == 0 ? "pushed" : "refused";
}
