/*
 * The probe: a small static program that runs inside a container and answers one question about it with one word.
 *
 *     probe QUESTION [ARGUMENT]
 *
 * It plays the part of a curious program: it tries what it asks about ("can I read this file of the host?") instead of
 * looking for signs that it could. Nothing that it tries can harm: a signal is signal 0, a device is only opened for
 * reading, memory and processes are taken in small bounded amounts, and what it mounts or makes it removes.
 *
 * Plain C and static, so that it needs nothing inside the root file system: no loader, no library, no shell.
 * Which answer is green and which is red stands in matrix.yaml.
 */
#include "probe.h"

#include <stdio.h>
#include <string.h>

/* Does nothing, successfully: for looking at what a run itself does, and for timing it. */
static const char* probe_true(const char* unused) {
  (void)unused;
  return NULL;
}

static const struct {
  const char* name;
  Question ask;
} kQuestions[] = {
    {"true", probe_true},
    {"descriptors", probe_descriptors},
    {"environment", probe_environment},
    {"files", probe_files},
    {"devices", probe_devices},
    {"changes", probe_changes},
    {"breakout", probe_breakout},
    {"dev", probe_dev},
    {"mknod", probe_mknod},
    {"network", probe_network},
    {"pid1", probe_pid1},
    {"processes", probe_processes},
    {"kill", probe_kill},
    {"orphans", probe_orphans},
    {"wait", probe_wait},
    {"hostname", probe_hostname},
    {"ipc", probe_ipc},
    {"proc", probe_proc},
    {"mount", probe_mount},
    {"mount-table", probe_mount_table},
    {"sysctl", probe_sysctl},
    {"masks", probe_masks},
    {"root", probe_root},
    {"memory", probe_memory},
    {"forks", probe_forks},
    {"cpu", probe_cpu},
    {"capabilities", probe_capabilities},
    {"privileges", probe_privileges},
    {"seccomp", probe_seccomp},
    {"syscalls", probe_syscalls},
    {"terminal", probe_terminal},
};

int main(int argc, char** argv) {
  const char* name = argc > 1 ? argv[1] : "";
  for (size_t i = 0; i < sizeof kQuestions / sizeof *kQuestions; ++i) {
    if (strcmp(kQuestions[i].name, name) != 0) continue;
    const char* answer = kQuestions[i].ask(argc > 2 ? argv[2] : "");
    if (answer != NULL) puts(answer);
    return 0;
  }
  fprintf(stderr, "usage: probe QUESTION [ARGUMENT]\nquestions:");
  for (size_t i = 0; i < sizeof kQuestions / sizeof *kQuestions; ++i) fprintf(stderr, " %s", kQuestions[i].name);
  fputc('\n', stderr);
  return 2;
}
