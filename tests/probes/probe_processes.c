/* Process 1, the host's processes, orphans; the host's shared memory and name. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "probe.h"

static void sleep_ms(long milliseconds) {
  const struct timespec time = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};
  nanosleep(&time, NULL);
}

/*
 * In a PID namespace of our own we are process 1 ourselves, or a child of it. The harness sees to it that on its "host"
 * neither is so.
 */
const char* probe_pid1(const char* unused) {
  (void)unused;
  return getpid() == 1 || getppid() == 1 ? "own" : "host";
}

/* Whether the process, a directory in /proc, has that name. */
static int is_called(const char* process, const char* name) {
  char path[300], found[64] = "";
  snprintf(path, sizeof path, "/proc/%s/comm", process);
  FILE* comm = fopen(path, "re");
  if (comm == NULL) return 0;
  const int read = fgets(found, sizeof found, comm) != NULL;
  fclose(comm);
  found[strcspn(found, "\n")] = '\0';
  return read && strcmp(found, name) == 0;
}

const char* probe_processes(const char* name) {
  ensure_proc();
  DIR* proc = opendir("/proc");
  if (proc == NULL) return "hidden";
  const char* answer = "hidden";
  for (struct dirent* entry = readdir(proc); entry != NULL; entry = readdir(proc))
    if (isdigit((unsigned char)entry->d_name[0]) && is_called(entry->d_name, name)) answer = "seen";
  closedir(proc);
  return answer;
}

const char* probe_kill(const char* pid) {
  const int number = atoi(pid);
  if (number <= 1) return "unclear";
  if (kill(number, 0) == 0) return "reached";  /* signal 0 asks whether one may, and does nothing */
  return errno == ESRCH ? "absent" : "refused";
}

/*
 * Makes an orphan: a grandchild whose parent has gone. When it ends, its new parent, process 1 (or whoever stands in for
 * it), must collect it; until then its number stays taken.
 */
const char* probe_orphans(const char* unused) {
  (void)unused;
  int channel[2];
  if (pipe2(channel, O_CLOEXEC) == -1) return "unclear";
  const pid_t parent = fork();
  if (parent == 0) {
    const pid_t orphan = fork();
    if (orphan == 0) {
      sleep_ms(10);  /* long enough for the parent to be gone */
      _exit(0);
    }
    _exit(write(channel[1], &orphan, sizeof orphan) == sizeof orphan ? 0 : 1);
  }
  pid_t orphan = -1;
  const int told = parent > 0 && read(channel[0], &orphan, sizeof orphan) == sizeof orphan;
  int status = 0;
  if (parent > 0) waitpid(parent, &status, 0);
  if (!told || orphan <= 0) return "unclear";
  for (int waited = 0; waited < 400; waited += 5) {
    if (kill(orphan, 0) == -1 && errno == ESRCH) return "reaped";
    sleep_ms(5);
  }
  return "zombie";
}

/* Says that it is there and waits: the harness then kills what started it. The alarm is a safety net. */
const char* probe_wait(const char* unused) {
  (void)unused;
  alarm(30);
  puts("ready");
  fflush(stdout);
  for (;;) pause();
}

const char* probe_hostname(const char* unused) {
  (void)unused;
  static const char kName[] = "intruder";
  return sethostname(kName, sizeof kName - 1) == 0 ? "renamed" : "refused";
}

const char* probe_ipc(const char* key) {
  const key_t number = (key_t)strtol(key, NULL, 10);
  if (number == 0) return "unclear";
  return shmget(number, 0, 0) == -1 && errno == ENOENT ? "hidden" : "seen";
}
