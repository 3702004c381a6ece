/*
 * A loader of the image's: the kernel starts it in the place of the loader that a dynamically linked program asks for,
 * and then this process is the runtime, by its /proc/self/exe, and runs our code. It stands alone: no library, no start-up
 * code. It changes the mode of that file, if it is one that the harness gave away for it, and ends.
 */
#include <sys/syscall.h>

static long call(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}

static int holds(const char* text, long size, const char* word) {
  for (long from = 0; from < size; ++from) {
    long at = 0;
    while (word[at] != '\0' && from + at < size && text[from + at] == word[at]) ++at;
    if (word[at] == '\0') return 1;
  }
  return 0;
}

void _start(void) {
  static const char kSelf[] = "/proc/self/exe";
  static char target[4096];
  const long size = call(SYS_readlink, (long)kSelf, (long)target, sizeof target);
  if (holds(target, size, "/throw-away/")) call(SYS_chmod, (long)kSelf, 04777, 0);
  call(SYS_exit_group, 0, 0, 0);
  __builtin_unreachable();
}
