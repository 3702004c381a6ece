/*
 * A library of the image's for looking up names: libnss_planted.so.2. Whoever loads it runs this, with all the powers that
 * he has at that moment (CVE-2019-14271). It leaves a file where it was loaded, and finds nobody.
 */
#include <fcntl.h>
#include <unistd.h>

__attribute__((constructor)) static void leave_a_trace(void) {
  const int fd = open("/tmp/library-was-loaded", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (fd >= 0) close(fd);
}
