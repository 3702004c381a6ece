/* What several attacks need: reading, writing, becoming somebody else, mounting. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attack.h"

void path_in_root(char* path, size_t size, const char* relative) {
  const char* slash = strrchr(own_path, '/');
  const int length = slash == NULL ? 0 : (int)(slash - own_path);
  snprintf(path, size, "%.*s/../%s", length, own_path, relative);
}

int can_read(const char* path) {
  char byte;
  const int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return 0;
  const ssize_t size = read(fd, &byte, 1);
  close(fd);
  return size == 1;
}

int can_write(const char* path) {
  const int fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
  if (fd >= 0) close(fd);
  return fd >= 0;
}

int become_user(void) {
  if (getuid() != 0) return 1;  /* we are one already */
  return setresgid(1000, 1000, 1000) == 0 && setresuid(1000, 1000, 1000) == 0;
}

pid_t fork_bound(void) {
  const pid_t child = fork();
  if (child == 0) prctl(PR_SET_PDEATHSIG, SIGKILL);
  return child;
}

static void unmount_proc(void) { umount2("/proc", MNT_DETACH); }

void ensure_proc(void) {
  if (access("/proc/self/stat", F_OK) == 0) return;
  mkdir("/proc", 0555);
  if (mount("proc", "/proc", "proc", 0, NULL) == 0) atexit(unmount_proc);
}

static const char* mounted_anew = NULL;

static void unmount_anew(void) {
  if (mounted_anew != NULL) umount2(mounted_anew, MNT_DETACH);
}

const char* mount_anew(const char* type, const char* options) {
  static const char* const kPlaces[] = {"/mnt", "/srv", "/tmp"};
  unmount_anew();
  mounted_anew = NULL;
  for (size_t i = 0; i < sizeof kPlaces / sizeof *kPlaces && mounted_anew == NULL; ++i)
    if (mount("attack", kPlaces[i], type, MS_NOSUID | MS_NODEV | MS_NOEXEC, options) == 0) mounted_anew = kPlaces[i];
  static int registered = 0;
  if (mounted_anew != NULL && !registered) registered = atexit(unmount_anew) == 0;
  return mounted_anew;
}
