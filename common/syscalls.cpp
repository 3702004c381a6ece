#include "common/syscalls.hpp"

#include <algorithm>
#include <array>

namespace dockwright {

namespace {

constexpr std::array kChapters = std::to_array<Chapter>({
    {0, "The laboratory", "00-laboratory", "book/00-laboratory.md"},
    {1, "A process is all there is", "01-process", "book/01-process.md"},
    {2, "chroot", "02-chroot", "book/02-chroot.md"},
    {3, "Namespaces", "03-namespaces", "book/03-namespaces.md"},
    {4, "Mounts and pivot_root", "04-mounts", "book/04-mounts.md"},
    {5, "cgroups", "05-cgroups", "book/05-cgroups.md"},
    {6, "User namespaces", "06-users", "book/06-users.md"},
    {7, "Capabilities and seccomp", "07-privileges", "book/07-privileges.md"},
    {8, "Layers", "08-layers", "book/08-layers.md"},
    {9, "OCI images", "09-images", "book/09-images.md"},
    {10, "A registry", "10-registry", "book/10-registry.md"},
    {11, "Dockerfile", "11-dockerfile", "book/11-dockerfile.md"},
    {12, "Cache and stages", "12-build-cache", "book/12-build-cache.md"},
    {13, "Lifecycle", "13-lifecycle", "book/13-lifecycle.md"},
    {14, "Networks", "14-network", "book/14-network.md"},
    {15, "An OCI runtime", "15-oci-runtime", "book/15-oci-runtime.md"},
    {16, "Compose", "16-compose", "book/16-compose.md"},
});

constexpr std::array kSystemCalls = std::to_array<SystemCall>({
    {"bpf", "load a program into the kernel: here, a list of devices", 7, "ch07-devices", ""},
    {"capget", "tell what power a process holds", 7, "ch07-capabilities", ""},
    {"capset", "set what root's power is made of", 7, "ch07-capabilities", ""},
    {"chdir", "change the working directory", 1, "ch01-exec", ""},
    {"chroot", "change what / means for this process", 2, "ch02-chroot", ""},
    {"clone", "make a child process that may borrow our memory", 3, "ch03-init", ""},
    {"clone3", "make a child process, in new namespaces if asked", 1, "ch01-clone", "5.3"},
    {"close_range", "close, or mark close-on-exec, a range of descriptors", 1, "ch01-descriptors", "5.9"},
    {"dup2", "let a descriptor number mean another open file", 3, "ch03-init", ""},
    {"execve", "replace the program of this process", 1, "ch01-exec", ""},
    {"fchdir", "change the working directory to an open one", 2, "ch02-chroot", ""},
    {"fchown", "give an open file to another user", 6, "ch06-user", ""},
    {"flock", "lock an open file, until its last holder ends", 5, "ch05-abandoned", ""},
    {"fsconfig", "set an option of a file system that is being made", 4, "ch04-dev", "5.2"},
    {"fsetxattr", "set an extended attribute of an open file", 8, "ch08-whiteouts", ""},
    {"fsmount", "make a detached mount of a configured file system", 4, "ch04-dev", "5.2"},
    {"fsopen", "begin to make a file system", 4, "ch04-dev", "5.2"},
    {"fsync", "wait until the disk has a file's bytes, or a directory's names", 9, "ch09-publish", ""},
    {"getcwd", "tell the path of the working directory", 1, "ch01-exec", ""},
    {"getdents64", "list the entries of an open directory", 2, "ch02-rootfs", ""},
    {"getegid", "tell with which group's rights we run", 6, "ch06-map", ""},
    {"geteuid", "tell with whose rights we run", 6, "ch06-map", ""},
    {"getpid", "tell the own process number", 3, "ch03-pid", ""},
    {"getuid", "tell the own user number", 2, "ch02-changed", ""},
    {"ioctl", "control a terminal: its size, its owner", 4, "ch04-terminal", ""},
    {"keyctl", "keep keys in the kernel; begin a keyring of its own", 7, "ch07-init", ""},
    {"mkdir", "make a directory: here, a control group", 5, "ch05-group", ""},
    {"mkdirat", "make a directory below an open one", 4, "ch04-bind", ""},
    {"mknodat", "make a device node", 4, "ch04-dev", ""},
    {"mount", "attach a file system to a directory", 3, "ch03-proc", ""},
    {"mount_setattr", "change flags or propagation of a mount", 4, "ch04-propagation", "5.12"},
    {"move_mount", "attach a detached mount", 4, "ch04-bind", "5.2"},
    {"open", "open a file or a directory", 2, "ch02-rootfs", ""},
    {"open_tree", "take a detached copy of a mount (a bind mount to be)", 4, "ch04-bind", "5.2"},
    {"openat", "open a file below an open directory", 2, "ch02-rootfs", ""},
    {"openat2", "open a path and never leave a given root", 4, "ch04-bind", "5.6"},
    {"pidfd_open", "get a descriptor of a process", 3, "ch03-init", "5.3"},
    {"pidfd_send_signal", "send a signal to a process by descriptor", 1, "ch01-signals", "5.1"},
    {"pivot_root", "swap the root mount of a mount namespace", 4, "ch04-pivot", ""},
    {"prctl", "change a trait of a process, such as what it dies with", 3, "ch03-init", ""},
    {"prlimit64", "limit what one process may use", 7, "ch07-settings", ""},
    {"recvmsg", "receive a descriptor from another process", 3, "ch03-init", ""},
    {"renameat2", "move a file to another name, in one step", 9, "ch09-publish", "3.15"},
    {"rmdir", "remove an empty directory: here, a control group", 5, "ch05-group", ""},
    {"rt_sigprocmask", "hold signals back, or let them through", 1, "ch01-signals", ""},
    {"seccomp", "judge each system call by a filter", 7, "ch07-seccomp", "3.17"},
    {"sendmsg", "send a descriptor to another process", 3, "ch03-init", ""},
    {"setgroups", "set the groups that this process is also in", 6, "ch06-user", ""},
    {"sethostname", "rename the machine, or only one UTS namespace", 3, "ch03-uts", ""},
    {"setresgid", "become another group", 6, "ch06-user", ""},
    {"setresuid", "become another user", 6, "ch06-user", ""},
    {"setsid", "begin a session of its own, without a terminal", 4, "ch04-terminal", ""},
    {"signalfd", "read signals as data from a descriptor", 1, "ch01-signals", ""},
    {"socketpair", "make two sockets that are connected", 3, "ch03-init", ""},
    {"statfs", "tell which kind of file system lies at a path", 5, "ch05-group", ""},
    {"symlinkat", "make a symbolic link", 4, "ch04-dev", ""},
    {"syncfs", "wait until the disk has all of one file system", 9, "ch09-publish", ""},
    {"umask", "set which permission bits new files do not get", 4, "ch04-dev", ""},
    {"umount2", "detach a mount", 4, "ch04-pivot", ""},
    {"unshare", "get new namespaces for this process itself", 5, "ch05-view", ""},
    {"waitid", "wait for a child and learn how it ended", 1, "ch01-wait", ""},
    {"write", "write into an open file: here, a setting of the kernel", 5, "ch05-group", ""},
});

static_assert(std::is_sorted(kSystemCalls.begin(), kSystemCalls.end(),
                             [](const SystemCall& a, const SystemCall& b) { return a.name < b.name; }));

}  // namespace

std::span<const Chapter> chapters() noexcept { return kChapters; }

const Chapter& chapter(int number) noexcept { return kChapters[static_cast<std::size_t>(number)]; }

std::span<const SystemCall> system_calls() noexcept { return kSystemCalls; }

const SystemCall* find_system_call(std::string_view name) noexcept {
  const auto row = std::lower_bound(kSystemCalls.begin(), kSystemCalls.end(), name,
                                    [](const SystemCall& a, std::string_view b) { return a.name < b; });
  return row != kSystemCalls.end() && row->name == name ? &*row : nullptr;
}

}  // namespace dockwright
