/* How a process that is not root gets more: programs with a setuid bit or with powers, groups, names. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attack.h"

/* Becomes the copy of ourselves that the image has prepared, and asks it. */
static const char* ask_copy(const char* suffix, const char* question) {
  char path[4096];
  snprintf(path, sizeof path, "%s%s", own_path, suffix);
  char* const arguments[] = {path, (char*)question, NULL};
  if (!become_user()) return "unclear";
  execve(path, arguments, NULL);
  return errno == EPERM ? "user" : "unclear";
}

const char* attack_setuid(const char* unused) {
  (void)unused;
  return ask_copy("-setuid", "tell-user");
}

const char* attack_inheriting(const char* unused) {
  (void)unused;
  return ask_copy("-inheriting", "tell-powers");
}

/* Whom the runtime made us: "root", or one who was once (uid_t)-1, which several calls take for "no change". */
const char* attack_tell_user(const char* unused) {
  (void)unused;
  return geteuid() == 0 || geteuid() == (uid_t)-1 ? "root" : "user";
}

const char* attack_tell_powers(const char* unused) {
  (void)unused;
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  struct __user_cap_data_struct sets[2];
  if (syscall(SYS_capget, &header, sets) == -1) return "unclear";
  return (sets[0].effective & 1U << CAP_DAC_OVERRIDE) != 0 ? "powers" : "user";
}

/* A file that only a group of the caller's may read. */
const char* attack_groups(const char* unused) {
  (void)unused;
  char path[4096];
  path_in_root(path, sizeof path, "srv/group-secret");
  if (!become_user()) return "unclear";
  return can_read(path) ? "read" : "refused";
}

/* The library of the image leaves a file where it was loaded: in the runtime, before we were. */
const char* attack_library(const char* unused) {
  (void)unused;
  char path[4096];
  path_in_root(path, sizeof path, "tmp/library-was-loaded");
  return access(path, F_OK) == 0 ? "loaded" : "ignored";
}
