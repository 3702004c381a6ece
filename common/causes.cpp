#include "common/causes.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>

namespace dockwright {

namespace {

constexpr std::array kCauses = std::to_array<Cause>({
    {1, "execve", ENOENT, Only::always,
     "the file is not there; or it is, but the interpreter that it names (a loader, or the program after #!) "
     "is not",
     "look with `ls -l` from the container's root; `readelf -l FILE | grep interpreter` names a loader"},
    {1, "execve", EACCES, Only::always,
     "the file is a directory, or has no execute permission, or lies on a file system mounted noexec",
     "look at it with `ls -ld`; `chmod +x FILE` makes a program of a file"},
    {1, "execve", ENOEXEC, Only::always,
     "the file is not a program of this machine: another architecture, or damaged",
     "`file FILE` says what it is; a script needs a first line such as #!/bin/sh"},
    {1, "execve", E2BIG, Only::always,
     "arguments and environment together are larger than the kernel's limit",
     "pass long lists through a file or standard input; `getconf ARG_MAX` shows the limit"},
    {1, "clone3", EAGAIN, Only::always,
     "the limit of processes is reached: of the user (ulimit -u) or of a cgroup (pids.max)",
     "end some processes or raise the limit"},
    {1, "clone3", ENOSYS, Only::always,
     "clone3 is refused here: a kernel older than 5.3, or we run inside a container whose filter does not "
     "know it",
     "use a newer kernel, or run outside that container"},
    {1, "chdir", ENOENT, Only::always, "there is no such directory below the root of the container",
     "make it, or choose another with --workdir"},
    {1, "chdir", ENOTDIR, Only::always, "the working directory that was asked for is not a directory",
     "choose a directory with --workdir"},
    {2, "open rootfs", ENOENT, Only::always, "there is no such directory",
     "make a root file system: samples/bases/busybox DIR"},
    {2, "open rootfs", ENOTDIR, Only::always, "it is a file, and a root file system is a directory",
     "if it is an archive, unpack it into a directory first"},
    {2, "open rootfs", ELOOP, Only::always,
     "it is a symbolic link, which could point elsewhere by the time it is used",
     "name the directory itself (`realpath` tells which)"},
    {2, "open rootfs", EACCES, Only::always,
     "the directory, or one above it, may not be entered or listed by you",
     "look with `namei -l DIR`; change its permissions, or use sudo"},
    {2, "chroot", EPERM, Only::without_root,
     "changing the root needs the capability CAP_SYS_CHROOT, which only root has",
     "run it with sudo (chapter 6 removes the need)"},
    {2, "chroot", EPERM, Only::as_root,
     "we are root without CAP_SYS_CHROOT: inside another container, most likely",
     "run it on the machine itself, or in a virtual machine"},
    {3, "clone", EAGAIN, Only::always,
     "the limit of processes is reached: of the user (ulimit -u) or of a cgroup (pids.max)",
     "end some processes or raise the limit"},
    {3, "clone3", EPERM, Only::without_root,
     "new namespaces need the capability CAP_SYS_ADMIN, which only root has",
     "run it with sudo (chapter 6 removes the need)"},
    {3, "clone3", EPERM, Only::as_root,
     "we are root without CAP_SYS_ADMIN: inside another container, most likely",
     "run it on the machine itself, or in a virtual machine"},
    {3, "clone3", ENOSPC, Only::always,
     "a limit in /proc/sys/user (max_pid_namespaces …) or of nesting (32) is reached",
     "raise the limit, or end containers that are no longer needed"},
    {3, "clone3", EINVAL, Only::always, "this kernel was built without one of the namespaces",
     "`ls /proc/self/ns` shows which there are"},
    {3, "sethostname", EPERM, Only::always, "renaming needs CAP_SYS_ADMIN in the UTS namespace",
     "run it with sudo"},
    {3, "sethostname", EINVAL, Only::always, "a host name has at most 64 bytes", "choose a shorter one"},
    {3, "mount", ENOENT, Only::always, "the directory to mount on is not there",
     "make it in the root file system: mkdir ROOTFS/proc"},
    {3, "mount", EPERM, Only::always, "mounting needs CAP_SYS_ADMIN", "run it with sudo"},
    {4, "openat2", EXDEV, Only::always,
     "somebody moved a directory of the path out of the root file system at that very moment",
     "find out who renames directories there, and try again"},
    {4, "openat2", ENOTDIR, Only::always, "what stands before a slash of the path is a file",
     "look at each part of the path with `ls -ld` in the root file system"},
    {4, "openat2", ELOOP, Only::always,
     "the path runs through too many links, or through a magic link such as /proc/self/exe",
     "use a plain path"},
    {4, "openat2", ENOSYS, Only::always, "this kernel is older than 5.6, or a filter refuses openat2",
     "use a newer kernel"},
    {4, "open_tree", EPERM, Only::without_root, "copying a mount needs the capability CAP_SYS_ADMIN",
     "run it with sudo (chapter 6 removes the need)"},
    {4, "open_tree", EPERM, Only::as_root,
     "we are root without CAP_SYS_ADMIN: inside another container, most likely",
     "run it on the machine itself, or in a virtual machine"},
    {4, "open_tree", EINVAL, Only::always, "the mount is unbindable, or belongs to another mount namespace",
     "`findmnt -o TARGET,PROPAGATION` shows which mounts are unbindable"},
    {4, "open_tree", ENOSYS, Only::always,
     "this kernel is older than 5.2, or a filter refuses the new mount calls",
     "use a newer kernel (5.12 or later)"},
    {4, "mount_setattr", ENOSYS, Only::always, "this kernel is older than 5.12, or a filter refuses the call",
     "use a newer kernel"},
    {4, "mount_setattr", EINVAL, Only::always,
     "that directory is not the top of a mount: for /, we run inside a chroot, most likely",
     "run it outside of the chroot, or make a mount of its root first: mount --bind DIR DIR"},
    {4, "move_mount", EINVAL, Only::always,
     "a directory cannot be mounted on a file, nor a file on a directory; or the mount is shared with "
     "another "
     "namespace, or its target is not ours",
     "choose a target of the same kind; make a shared mount private first (mount --make-private)"},
    {4, "fsopen", EPERM, Only::without_root, "mounting needs the capability CAP_SYS_ADMIN",
     "run it with sudo"},
    {4, "fsopen", ENODEV, Only::always, "this kernel does not have that file system",
     "`cat /proc/filesystems` lists those it has"},
    {4, "fsmount", ENOSPC, Only::always,
     "not a full disk: the limit of mounts in a mount namespace (/proc/sys/fs/mount-max) is reached",
     "unmount something, or raise the limit"},
    {4, "fsconfig", EINVAL, Only::always, "the file system does not know the option, or not that value",
     "the words in brackets are the kernel's own; tmpfs(5) lists size, mode, nr_inodes …"},
    {4, "fsconfig", EPERM, Only::always, "that file system may be mounted only by root of its namespace",
     "run it with sudo"},
    {4, "mkdirat", EROFS, Only::always, "the root file system is read-only and has no directory to mount on",
     "make proc, sys and dev in it, and the targets of volumes"},
    {4, "mkdirat", ENOSPC, Only::always, "the disk, or the tmpfs, that holds the root file system is full",
     "`df -h` and `df -i` show which; make room"},
    {4, "openat", ENOSPC, Only::always, "the disk, or the tmpfs, that holds the root file system is full",
     "`df -h` and `df -i` show which; make room"},
    {4, "openat", EROFS, Only::always, "the root file system is read-only and has no file to mount on",
     "make an empty file in it for each file that is a volume"},
    {4, "openat", ELOOP, Only::always,
     "something that is no file is in the way: a link that leads nowhere, for one",
     "look with `ls -l` in the root file system"},
    {4, "mkdirat", EEXIST, Only::always,
     "something that is no directory is in the way: a link that leads nowhere, for one",
     "look with `ls -l` in the root file system"},
    {4, "open volume", ENOENT, Only::always,
     "the source of the volume is not there (Docker would make an empty directory)",
     "make it, or mend the path before the colon"},
    {4, "open volume", EACCES, Only::always, "the source of the volume may not be entered by you",
     "look with `namei -l PATH`"},
    {4, "pivot_root", EINVAL, Only::always,
     "the mount above the old or the new root is shared with another namespace; or the working directory is "
     "not "
     "the top of a mount; or the machine still runs from its initial ramdisk",
     "cut the ties first (mount --make-rprivate /) and stand in the new root; leave a ramdisk with "
     "switch_root"},
    {4, "pivot_root", EBUSY, Only::always,
     "the new root is the root that we have: the working directory still lies on the old root mount",
     "make a mount of the new root (mount --bind) and stand in it (fchdir) before the call"},
    {4, "mknodat", EPERM, Only::always,
     "making devices needs CAP_MKNOD, which root inside another container may lack",
     "run it on the machine itself, or in a virtual machine"},
    {5, "mkdir cgroup", EROFS, Only::always,
     "the tree of control groups is mounted read-only: we run inside a container, most likely",
     "run it on the machine itself, or in the laboratory: workbook lab"},
    {5, "mkdir cgroup", EACCES, Only::always,
     "without root only groups that were delegated to you may be changed",
     "systemd-run --user --scope -p Delegate=yes bash gives you a shell with such a group; or use sudo"},
    {5, "mkdir cgroup", EAGAIN, Only::always,
     "a limit of the tree is reached (cgroup.max.descendants or cgroup.max.depth of a group above)",
     "remove groups that nobody needs, or raise the limit"},
    {5, "mkdir cgroup", ENOENT, Only::always, "the group above was removed at that very moment",
     "try again, or name another with --cgroup-parent"},
    {5, "open setting", ENOENT, Only::always,
     "this kernel does not have that limit; weights of disks, for one, need a scheduler that knows them "
     "(BFQ)",
     "leave the option out; `cat /sys/block/*/queue/scheduler` shows which schedulers there are"},
    {5, "open setting", EACCES, Only::always, "the group belongs to somebody else",
     "use sudo, or a group that was delegated to you"},
    {5, "open setting", EROFS, Only::always, "the tree of control groups is mounted read-only",
     "run it on the machine itself, or in the laboratory: workbook lab"},
    {5, "write", EBUSY, Only::always,
     "a group that holds processes cannot hand controllers down (the \"no internal process\" rule); or the "
     "new "
     "limit is below what is in use",
     "move its processes into a group below it first, or choose another with --cgroup-parent"},
    {5, "write", EINVAL, Only::always, "the kernel does not take that value for this setting",
     "look at what the file holds now, and at the values that Documentation/admin-guide/cgroup-v2.rst "
     "allows"},
    {5, "write", EACCES, Only::always,
     "the value is not allowed here: the group above has less, or hands the setting to nobody",
     "ask for no more than the group above has"},
    {5, "unshare", EPERM, Only::always, "a cgroup namespace needs the capability CAP_SYS_ADMIN",
     "run it with sudo (chapter 6 removes the need)"},
    {5, "unshare", ENOSPC, Only::always, "the limit max_cgroup_namespaces in /proc/sys/user is reached",
     "raise the limit, or end containers that are no longer needed"},
    {5, "stat device", ENOENT, Only::always, "there is no such device on this machine",
     "`lsblk -p` lists the disks"},
    {6, "map owners", EINVAL, Only::always,
     "the file system does not know id-mapped mounts, or something below the directory is mounted that does "
     "not",
     "put the files on ext4, xfs, btrfs or tmpfs (Linux 6.3), or use --userns host"},
    {6, "map owners", EPERM, Only::always,
     "only root of the host may show files under other owners, and only once for each mount",
     "leave out --userns and --uidmap, or use sudo"},
    {6, "setgroups", EPERM, Only::always,
     "groups cannot be set here: without newgidmap the kernel forbids it in a user namespace",
     "install Debian's package uidmap"},
    {6, "setresuid", EINVAL, Only::always, "the user namespace has no such user",
     "choose a user that the map has: `cat /proc/self/uid_map` inside shows it"},
    {6, "setresgid", EINVAL, Only::always, "the user namespace has no such group",
     "choose a group that the map has: `cat /proc/self/gid_map` inside shows it"},
});

bool applies(const Cause& cause) noexcept {
  const bool root = ::geteuid() == 0;
  return cause.only == Only::always || (cause.only == Only::as_root) == root;
}

}  // namespace

std::span<const Cause> causes() noexcept { return kCauses; }

const Cause* find_cause(std::string_view call, int error) noexcept {
  for (const Cause& cause : kCauses)
    if (cause.error == error && cause.call == call && applies(cause)) return &cause;
  return nullptr;
}

}  // namespace dockwright
