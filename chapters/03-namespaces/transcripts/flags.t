stage: 03
needs: root
minutes: 1
---
$ stage03 run --explain --rootfs rootfs -- true 2>&1 | grep -m1 -A2 clone3
[ 4] clone3({.flags=CLONE_NEWUTS|CLONE_NEWPID|CLONE_NEWIPC|[..]})
     why    a new namespace is a table of the kernel's to itself
     shell  unshare --uts --pid --fork --ipc COMMAND
