/* The probe program of the isolation matrix: see probe.c. Each function answers one question with one word. */
#ifndef DOCKWRIGHT_PROBE_H
#define DOCKWRIGHT_PROBE_H

typedef const char* (*Question)(const char* argument);

/* probe_surroundings.c: what a child inherits, and which of the host's files and devices are in reach */
const char* probe_descriptors(const char* unused);
const char* probe_environment(const char* unused);
const char* probe_files(const char* path);
const char* probe_devices(const char* unused);
const char* probe_changes(const char* root);
const char* probe_breakout(const char* path);
const char* probe_dev(const char* unused);
const char* probe_mknod(const char* unused);
const char* probe_network(const char* name);

/* probe_processes.c: process 1, the host's processes, orphans, the host's memory and name */
const char* probe_pid1(const char* unused);
const char* probe_processes(const char* name);
const char* probe_kill(const char* pid);
const char* probe_orphans(const char* unused);
const char* probe_wait(const char* unused);
const char* probe_hostname(const char* unused);
const char* probe_ipc(const char* key);

/* probe_proc.c: what /proc tells and lets be changed, and what a mount reaches */
const char* probe_proc(const char* unused);
const char* probe_mount(const char* unused);
const char* probe_mount_table(const char* tag);
const char* probe_sysctl(const char* unused);
const char* probe_masks(const char* unused);
const char* probe_root(const char* unused);
/* Makes sure that there is a /proc, if need be by mounting one, as an intruder would; it is unmounted at exit. */
void ensure_proc(void);

/* probe_powers.c: limits, capabilities, filters, the terminal */
const char* probe_memory(const char* unused);
const char* probe_forks(const char* unused);
const char* probe_cpu(const char* unused);
const char* probe_capabilities(const char* unused);
const char* probe_privileges(const char* unused);
const char* probe_seccomp(const char* unused);
const char* probe_syscalls(const char* unused);
const char* probe_terminal(const char* unused);

#endif
