stage: 04
needs: root
---
$ stage04 run --rootfs rootfs -- awk '{ print $3, "on", $2 }' /proc/mounts
[..] on /
proc on /proc
sysfs on /sys
tmpfs on /dev
devpts on /dev/pts
tmpfs on /dev/shm
mqueue on /dev/mqueue
...
