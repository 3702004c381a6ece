/*
 * The attacks: a small static program that runs inside a container and tries one way out with what it finds there.
 *
 *     attack NAME [ARGUMENT]
 *
 * It plays the part of an intruder who has got as far as running a program in the container, as root. It really tries:
 * it opens, traces, mounts and calls; the harness looks on its side what came of it. Nothing that it tries can harm the
 * machine: what it changes is the harness's throw-away host, a setting of the kernel's is opened for writing and never
 * written, memory and processes are taken in small bounded amounts.
 *
 * Plain C and static, so that it needs nothing inside the root file system: no loader, no library, no shell.
 * Which answer means that it worked stands in attacks.yaml.
 */
#include "attack.h"

#include <stdio.h>
#include <string.h>

const char* own_path = "";

/* Does nothing, successfully: for attacks that are over when the container has started. */
static const char* attack_true(const char* unused) {
  (void)unused;
  return NULL;
}

static const struct {
  const char* name;
  Attack try;
} kAttacks[] = {
    {"true", attack_true},
    {"runtime-program", attack_runtime_program},
    {"directory", attack_directory},
    {"descriptors", attack_descriptors},
    {"process-files", attack_process_files},
    {"trace", attack_trace},
    {"umask", attack_umask},
    {"key", attack_key},
    {"terminal", attack_terminal},
    {"wait", attack_wait},
    {"setuid", attack_setuid},
    {"inheriting", attack_inheriting},
    {"groups", attack_groups},
    {"tell-user", attack_tell_user},
    {"tell-powers", attack_tell_powers},
    {"library", attack_library},
    {"replace", attack_replace},
    {"fake-proc", attack_fake_proc},
    {"masked", attack_masked},
    {"unmask", attack_unmask},
    {"settings", attack_settings},
    {"settings-anew", attack_settings_anew},
    {"binfmt", attack_binfmt},
    {"volume", attack_volume},
    {"decoy", attack_decoy},
    {"mount", attack_mount},
    {"climb", attack_climb},
    {"device", attack_device},
    {"mknod", attack_mknod},
    {"call-32bit", attack_call_32bit},
    {"call-x32", attack_call_x32},
    {"userns", attack_userns},
    {"mount-calls", attack_mount_calls},
    {"bpf", attack_bpf},
    {"userfaultfd", attack_userfaultfd},
    {"perf", attack_perf},
    {"io-uring", attack_io_uring},
    {"release-agent", attack_release_agent},
    {"cgroup", attack_cgroup},
    {"forks", attack_forks},
    {"memory", attack_memory},
};

int main(int argc, char** argv) {
  const char* name = argc > 1 ? argv[1] : "";
  own_path = argv[0];
  for (size_t i = 0; i < sizeof kAttacks / sizeof *kAttacks; ++i) {
    if (strcmp(kAttacks[i].name, name) != 0) continue;
    const char* answer = kAttacks[i].try(argc > 2 ? argv[2] : "");
    if (answer != NULL) puts(answer);
    return 0;
  }
  fprintf(stderr, "usage: attack NAME [ARGUMENT]\nattacks:");
  for (size_t i = 0; i < sizeof kAttacks / sizeof *kAttacks; ++i) fprintf(stderr, " %s", kAttacks[i].name);
  fputc('\n', stderr);
  return 2;
}
