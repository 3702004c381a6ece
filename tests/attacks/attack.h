/* The attack program of the attack table: see attack.c. Each function tries one attack and says in one word what came of it. */
#ifndef DOCKWRIGHT_ATTACK_H
#define DOCKWRIGHT_ATTACK_H

#include <stddef.h>
#include <sys/types.h>

typedef const char* (*Attack)(const char* argument);

/* The path under which we were started; the root file system that we were put into begins two levels above it. */
extern const char* own_path;
void path_in_root(char* path, size_t size, const char* relative);

/* Whether one byte can be read from the file. O_NONBLOCK: a device must not make us wait for it. */
int can_read(const char* path);
/* Whether the file can be opened for writing; nothing is written. */
int can_write(const char* path);
/* Gives up being root: user and group 1000, all else is kept. What the attack does next, any program could do. */
int become_user(void);
/* Forks a child that dies with us. */
pid_t fork_bound(void);
/* Makes sure that there is a /proc, if need be by mounting one, as an intruder would; it is unmounted at exit. */
void ensure_proc(void);
/* Mounts a file system on a directory of ours; the path, or NULL. It is unmounted at exit. */
const char* mount_anew(const char* type, const char* options);

/* attack_caller.c: what the runtime and its caller leave lying about */
const char* attack_runtime_program(const char* unused);
const char* attack_directory(const char* unused);
const char* attack_descriptors(const char* unused);
const char* attack_process_files(const char* path);
const char* attack_trace(const char* unused);
const char* attack_umask(const char* unused);
const char* attack_key(const char* unused);
const char* attack_terminal(const char* unused);
const char* attack_wait(const char* unused);

/* attack_user.c: how a process that is not root gets more */
const char* attack_setuid(const char* unused);
const char* attack_inheriting(const char* unused);
const char* attack_groups(const char* unused);
const char* attack_tell_user(const char* unused);
const char* attack_tell_powers(const char* unused);
const char* attack_library(const char* unused);

/* attack_files.c: /proc, mounts, volumes, devices */
const char* attack_replace(const char* directory);
const char* attack_fake_proc(const char* unused);
const char* attack_masked(const char* which);
const char* attack_unmask(const char* unused);
const char* attack_settings(const char* unused);
const char* attack_settings_anew(const char* unused);
const char* attack_binfmt(const char* unused);
const char* attack_volume(const char* unused);
const char* attack_decoy(const char* unused);
const char* attack_mount(const char* unused);
const char* attack_climb(const char* path);
const char* attack_device(const char* unused);
const char* attack_mknod(const char* unused);

/* attack_kernel.c: cgroups, namespaces, calls that have broken kernels */
const char* attack_call_32bit(const char* unused);
const char* attack_call_x32(const char* unused);
const char* attack_userns(const char* unused);
const char* attack_mount_calls(const char* unused);
const char* attack_bpf(const char* unused);
const char* attack_userfaultfd(const char* unused);
const char* attack_perf(const char* unused);
const char* attack_io_uring(const char* unused);
const char* attack_release_agent(const char* unused);
const char* attack_cgroup(const char* options);
const char* attack_forks(const char* unused);
const char* attack_memory(const char* unused);

#endif
