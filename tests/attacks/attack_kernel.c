/* cgroups, namespaces, and calls that have broken kernels. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"

/* Runs `attempt` in a child of its own, since a filter may kill whoever asks; whether it got through. */
static int gets_through(int (*attempt)(void)) {
  const pid_t child = fork_bound();
  if (child == 0) _exit(attempt() ? 0 : 1);
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* getpid has number 20 in the table of 32-bit programs: a filter that forgets that table has a hole of 400 calls. */
static int calls_32bit(void) {
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
  return result == getpid();
}

const char* attack_call_32bit(const char* unused) {
  (void)unused;
  return gets_through(calls_32bit) ? "answered" : "refused";
}

/* The same calls under other numbers: bit 30 set (x32). */
static int calls_x32(void) { return syscall(0x40000000L | SYS_getpid) == getpid(); }

const char* attack_call_x32(const char* unused) {
  (void)unused;
  return gets_through(calls_x32) ? "answered" : "refused";
}

/* In a user namespace of one's own one holds every power, and reaches much of the kernel that is not for guests. */
static int unshares(void) { return unshare(CLONE_NEWUSER) == 0; }

static int clones(void) {
  const long child = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL);
  if (child == 0) _exit(0);
  return child > 0 && waitpid((pid_t)child, NULL, 0) == (pid_t)child;
}

static int clones_by_clone3(void) {
  struct clone_args arguments = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
  const long child = syscall(SYS_clone3, &arguments, sizeof arguments);
  if (child == 0) _exit(0);
  return child > 0 && waitpid((pid_t)child, NULL, 0) == (pid_t)child;
}

const char* attack_userns(const char* unused) {
  (void)unused;
  return gets_through(unshares) || gets_through(clones) || gets_through(clones_by_clone3) ? "made" : "refused";
}

/* CVE-2022-0185 was in fsconfig: whoever gets a context gets that far. */
static int opens_filesystem(void) { return syscall(SYS_fsopen, "tmpfs", 0) >= 0; }
static int clones_mount(void) { return syscall(SYS_open_tree, -100 /* AT_FDCWD */, "/", 1 /* OPEN_TREE_CLONE */) >= 0; }
static int binds(void) { return mount("/", "/tmp", NULL, MS_BIND, NULL) == 0 && umount2("/tmp", MNT_DETACH) == 0; }

const char* attack_mount_calls(const char* unused) {
  (void)unused;
  return gets_through(opens_filesystem) || gets_through(clones_mount) || gets_through(binds) ? "answered" : "refused";
}

static int makes_map(void) {
  union bpf_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.map_type = BPF_MAP_TYPE_ARRAY;
  attributes.key_size = 4;
  attributes.value_size = 4;
  attributes.max_entries = 1;
  return syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes) >= 0;
}

const char* attack_bpf(const char* unused) {
  (void)unused;
  return gets_through(makes_map) ? "answered" : "refused";
}

/* Whoever answers page faults stops the kernel in the middle of a copy, for as long as he likes. */
static int handles_faults(void) { return syscall(SYS_userfaultfd, O_CLOEXEC) >= 0 || syscall(SYS_userfaultfd, 1) >= 0; }

const char* attack_userfaultfd(const char* unused) {
  (void)unused;
  return gets_through(handles_faults) ? "answered" : "refused";
}

static int counts_events(void) {
  struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE,
                                       .size = sizeof attributes,
                                       .config = PERF_COUNT_SW_CPU_CLOCK,
                                       .disabled = 1,
                                       .exclude_kernel = 1};
  return syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0) >= 0;
}

const char* attack_perf(const char* unused) {
  (void)unused;
  return gets_through(counts_events) ? "answered" : "refused";
}

/* A ring makes calls for us that no filter sees. */
static int makes_ring(void) {
  unsigned char parameters[120] = {0};
  return syscall(SYS_io_uring_setup, 1, parameters) >= 0;
}

const char* attack_io_uring(const char* unused) {
  (void)unused;
  return gets_through(makes_ring) ? "answered" : "refused";
}

/*
 * Mounts a hierarchy of version 1 that there already is. One that the kernel would have to make anew is left alone: that
 * would take the controller away from the machine.
 */
static const char* mount_hierarchy(const char* controller) {
  char line[128], name[64];
  int hierarchy = 0, found = 0;
  ensure_proc();
  FILE* table = fopen("/proc/cgroups", "re");
  if (table == NULL) return NULL;
  while (!found && fgets(line, sizeof line, table) != NULL)
    found = sscanf(line, "%63s %d", name, &hierarchy) == 2 && strcmp(name, controller) == 0;
  fclose(table);
  return found && hierarchy != 0 ? mount_anew("cgroup", controller) : NULL;
}

/*
 * CVE-2022-0492: in a hierarchy of version 1 a file of the topmost group names a program that the kernel runs on the
 * host when a group gets empty. Opened for writing, never written.
 */
const char* attack_release_agent(const char* unused) {
  (void)unused;
  static const char* const kControllers[] = {"memory", "pids", "freezer", "blkio", "cpuset", "devices"};
  char path[256];
  for (size_t i = 0; i < sizeof kControllers / sizeof *kControllers; ++i) {
    snprintf(path, sizeof path, "/sys/fs/cgroup/%s/release_agent", kControllers[i]);
    if (can_write(path)) return "writable";
    const char* anew = mount_hierarchy(kControllers[i]);
    if (anew == NULL) continue;
    snprintf(path, sizeof path, "%s/release_agent", anew);
    if (can_write(path)) return "writable";
  }
  return "refused";
}

static int writes_groups(const char* group) {
  static const char* const kFiles[] = {"cgroup.procs", "pids.max", "memory.max", "memory.limit_in_bytes", "cpu.max",
                                       "cpu.cfs_quota_us"};
  char path[300];
  for (size_t i = 0; i < sizeof kFiles / sizeof *kFiles; ++i) {
    snprintf(path, sizeof path, "%s/%s", group, kFiles[i]);
    if (can_write(path)) return 1;
  }
  return 0;
}

/*
 * Whoever may write to groups lifts his own limits, or leaves for a group that has none. Only opened. Version 2 is mounted
 * with the options that it has: they are the whole machine's.
 */
const char* attack_cgroup(const char* options) {
  static const char* const kControllers[] = {"pids", "memory", "cpu"};
  char path[256];
  if (writes_groups("/sys/fs/cgroup")) return "writable";
  for (size_t i = 0; i < sizeof kControllers / sizeof *kControllers; ++i) {
    snprintf(path, sizeof path, "/sys/fs/cgroup/%s", kControllers[i]);
    if (writes_groups(path)) return "writable";
    const char* anew = mount_hierarchy(kControllers[i]);
    if (anew != NULL && writes_groups(anew)) return "writable";
  }
  const char* anew = mount_anew("cgroup2", options);
  return anew != NULL && writes_groups(anew) ? "writable" : "refused";
}

/* A fork bomb that stops by itself: at 200 processes, which only wait. */
const char* attack_forks(const char* unused) {
  (void)unused;
  pid_t children[200];
  size_t count = 0;
  int refused = 0;
  while (count < 200 && !refused) {
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

/* 64 MiB, page by page. Harmless anywhere; too much where 32 are allowed. */
static int takes_memory(void) {
  const size_t size = (size_t)64 << 20;
  volatile char* memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 0;
  for (size_t at = 0; at < size; at += 4096) memory[at] = 1;
  return 1;
}

const char* attack_memory(const char* unused) {
  (void)unused;
  return gets_through(takes_memory) ? "unbounded" : "bounded";
}
