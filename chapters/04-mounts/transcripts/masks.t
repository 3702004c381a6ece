stage: 04
needs: root
---
$ head -n 1 /proc/interrupts
[..]CPU0[..]
$ stage04 run --rootfs rootfs -- wc -c /proc/interrupts
0 /proc/interrupts
$ stage04 run --rootfs rootfs -- cat /proc/sys/kernel/ostype
Linux
$ stage04 run --rootfs rootfs -- \
> sh -c 'true >> /proc/sys/kernel/core_pattern'
sh: can't create /proc/sys/kernel/core_pattern: Read-only file system
? 1
