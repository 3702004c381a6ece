/* What a child inherits from its caller, and which of the host's files, devices and sockets are in reach. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include "probe.h"

/* Whether the file can be opened for reading. O_NONBLOCK: a device must not make us wait for it. */
static int opens(const char* path) {
  const int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd >= 0) close(fd);
  return fd >= 0;
}

const char* probe_descriptors(const char* unused) {
  (void)unused;
  for (int fd = 3; fd < 256; ++fd)
    if (fcntl(fd, F_GETFD) != -1) return "leaked";
  return "none";
}

const char* probe_environment(const char* unused) {
  (void)unused;
  return getenv("HOST_PASSWORD") != NULL ? "leaked" : "clean";
}

const char* probe_files(const char* path) { return opens(path) ? "read" : "hidden"; }

const char* probe_devices(const char* unused) {
  (void)unused;
  if (opens("/dev/kmsg") || opens("/dev/mem")) return "opened";
  DIR* dev = opendir("/dev");
  if (dev == NULL) return "none";
  const char* answer = "none";
  for (struct dirent* entry = readdir(dev); entry != NULL; entry = readdir(dev)) {
    char path[sizeof "/dev/" + sizeof entry->d_name];
    struct stat status;
    snprintf(path, sizeof path, "/dev/%s", entry->d_name);
    if (stat(path, &status) == 0 && S_ISBLK(status.st_mode) && opens(path)) answer = "opened";
  }
  closedir(dev);
  return answer;
}

/* What an earlier run has left is found by the next. `root` is the root as the host names it, where there is no other. */
const char* probe_changes(const char* root) {
  if (chdir(root) != 0 && chdir("/") != 0) return "no root";
  const int fd = open("left-by-a-probe", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return errno == EEXIST ? "found" : errno == EROFS ? "read-only" : "unwritable";
  close(fd);
  return "gone";
}

/*
 * The oldest escape there is. chroot changes what "/" means, but not where we stand: after a second chroot into a
 * subdirectory our working directory lies outside of the new root, ".." no longer stops at it, and we climb to the
 * real one. A root that was made by pivot_root has nothing above it to climb to.
 */
static int climbs_out(void) {
  static const char* const kBelow[] = {"/tmp", "/dev", "/proc", "/bin"};
  int below = 0;
  while (below < 4 && chroot(kBelow[below]) == -1) ++below;
  if (below == 4) return 0;
  for (int i = 0; i < 64; ++i)
    if (chdir("..") == -1) return 0;
  return chroot(".") == 0;
}

/*
 * The same for a root that was moved over the host's: lift it off, then ask for the root of our mount namespace. After
 * pivot_root that is the container's own, and there is nothing below it.
 */
static int uncovers(void) {
  const int own = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
  return own >= 0 && umount2("/", MNT_DETACH) == 0 && setns(own, CLONE_NEWNS) == 0;
}

const char* probe_breakout(const char* path) {
  if (chdir("/") == -1) return "held";
  if (climbs_out() && opens(path)) return "escaped";
  return uncovers() && opens(path) ? "escaped" : "held";
}

/* Opens a device, reads or writes one byte, and wants `result` bytes or `error`. */
static int behaves(const char* path, int flags, ssize_t result, int error) {
  char byte = 'x';
  const int fd = open(path, flags | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return 0;
  errno = 0;
  const ssize_t size = flags == O_RDONLY ? read(fd, &byte, 1) : write(fd, &byte, 1);
  const int seen = errno;
  close(fd);
  return size == result && (error == 0 || seen == error);
}

const char* probe_dev(const char* unused) {
  (void)unused;
  static const char* const kPlaces[] = {"/dev/tty", "/dev/pts", "/dev/shm", "/dev/fd", "/dev/stdin", "/dev/random"};
  struct stat status;
  for (size_t i = 0; i < sizeof kPlaces / sizeof *kPlaces; ++i)
    if (lstat(kPlaces[i], &status) == -1) return "missing";
  if (!behaves("/dev/null", O_RDONLY, 0, 0) || !behaves("/dev/null", O_WRONLY, 1, 0)) return "missing";
  if (!behaves("/dev/zero", O_RDONLY, 1, 0) || !behaves("/dev/urandom", O_RDONLY, 1, 0)) return "missing";
  if (!behaves("/dev/full", O_WRONLY, -1, ENOSPC)) return "missing";
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);  /* a new terminal: /dev/ptmx and /dev/pts */
  char name[64];
  const int works = terminal >= 0 && unlockpt(terminal) == 0 && ptsname_r(terminal, name, sizeof name) == 0 && opens(name);
  if (terminal >= 0) close(terminal);
  return works ? "usable" : "missing";
}

const char* probe_mknod(const char* unused) {
  (void)unused;
  static const char* const kPlaces[] = {"/tmp/probe-device", "/dev/probe-device", "/dev/shm/probe-device", "/probe-device"};
  const char* answer = "refused";
  for (size_t i = 0; i < sizeof kPlaces / sizeof *kPlaces; ++i) {
    if (mknod(kPlaces[i], S_IFCHR | 0600, makedev(1, 11)) == -1) continue;  /* 1:11 is the kernel's log */
    if (opens(kPlaces[i])) answer = "opened";
    unlink(kPlaces[i]);
  }
  return answer;
}

const char* probe_network(const char* name) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const size_t length = strlen(name);
  if (length + 1 > sizeof address.sun_path) return "unclear";
  memcpy(address.sun_path + 1, name, length);  /* the zero byte in front makes it abstract */
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return "apart";
  const int size = (int)(offsetof(struct sockaddr_un, sun_path) + 1 + length);
  const int reached = connect(fd, (struct sockaddr*)&address, (socklen_t)size) == 0;
  close(fd);
  return reached ? "reached" : "apart";
}
