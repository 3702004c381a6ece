stage: 06
needs: root
---
$ stage06 run --rootfs rootfs -- \
> sh -c 'id -u; umount /proc/interrupts; head -n 1 /proc/interrupts'
0
[..]CPU0[..]
$ stage06 run --rootfs rootfs -- \
> sh -c 'mknod /k c 1 11; head -n 1 /k | wc -l'
1
