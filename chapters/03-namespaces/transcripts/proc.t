stage: 03
needs: root
minutes: 1
---
$ stage03 run --explain --rootfs rootfs -- true 2>&1 | grep -A2 'mount('
[ 9] mount("proc", "/proc", "proc", MS_NOSUID|MS_NODEV|MS_NOEXEC, "")
     why    ps reads /proc, which must be that of the new PID namespace
     shell  mount -t proc -o nosuid,nodev,noexec proc /proc
$ stage03 run --rootfs rootfs -- ps -o pid,comm
PID   COMMAND
    1 stage03
    2 ps
