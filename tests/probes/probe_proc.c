/* What /proc tells and lets be changed, and what a mount reaches. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe.h"

/* The number of the process that /proc/self shows, or -1 where there is no /proc. */
static long self_in_proc(void) {
  FILE* stat = fopen("/proc/self/stat", "re");
  if (stat == NULL) return -1;
  long number = -1;
  if (fscanf(stat, "%ld", &number) != 1) number = -1;
  fclose(stat);
  return number;
}

static void unmount_proc(void) { umount2("/proc", MNT_DETACH); }

void ensure_proc(void) {
  if (self_in_proc() != -1) return;
  mkdir("/proc", 0555);
  if (mount("proc", "/proc", "proc", 0, NULL) == 0) atexit(unmount_proc);
}

const char* probe_proc(const char* unused) {
  (void)unused;
  return self_in_proc() == getpid() ? "usable" : "missing";
}

/* Mounts and leaves it there: the harness looks whether the mount shows up on its side, and takes it away. */
const char* probe_mount(const char* unused) {
  (void)unused;
  static const char* const kPlaces[] = {"/srv", "/mnt", "/tmp"};
  for (size_t i = 0; i < sizeof kPlaces / sizeof *kPlaces; ++i)
    if (mount("probe-mount", kPlaces[i], "tmpfs", 0, "size=64k") == 0) return "mounted";
  return "refused";
}

const char* probe_mount_table(const char* tag) {
  ensure_proc();
  FILE* table = fopen("/proc/1/mountinfo", "re");
  if (table == NULL) return "hidden";
  const char* answer = "hidden";
  char line[4096];
  while (fgets(line, sizeof line, table) != NULL)
    if (*tag != '\0' && strstr(line, tag) != NULL) answer = "seen";
  fclose(table);
  return answer;
}

const char* probe_sysctl(const char* unused) {
  (void)unused;
  ensure_proc();
  const int fd = open("/proc/sys/kernel/core_pattern", O_WRONLY | O_CLOEXEC);  /* opened, never written */
  if (fd < 0) return "refused";
  close(fd);
  return "writable";
}

const char* probe_masks(const char* unused) {
  (void)unused;
  static const char* const kSecrets[] = {"/proc/timer_list", "/proc/keys", "/proc/kcore", "/proc/sched_debug"};
  ensure_proc();
  for (size_t i = 0; i < sizeof kSecrets / sizeof *kSecrets; ++i) {
    char byte;
    const int fd = open(kSecrets[i], O_RDONLY | O_CLOEXEC);
    if (fd < 0) continue;
    const ssize_t size = read(fd, &byte, 1);
    close(fd);
    if (size == 1) return "read";
  }
  return "masked";
}

/* A line of uid_map says: from `inside` on, `count` users here are those from `outside` on there. */
const char* probe_root(const char* unused) {
  (void)unused;
  ensure_proc();
  FILE* map = fopen("/proc/self/uid_map", "re");
  if (map == NULL) return "unclear";
  const char* answer = "mapped";
  unsigned long inside, outside, count;
  while (fscanf(map, "%lu %lu %lu", &inside, &outside, &count) == 3)
    if (inside == 0 && outside == 0) answer = "host";
  fclose(map);
  return answer;
}
