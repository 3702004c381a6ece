stage: 04
needs: root
---
$ stage04 run --rootfs rootfs -- \
> sh -c 'umount /proc/interrupts; head -n 1 /proc/interrupts'
[..]CPU0[..]
