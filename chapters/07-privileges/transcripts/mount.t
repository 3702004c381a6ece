stage: 07
needs: root
---
$ stage07 run --rootfs rootfs -- sh -c 'id -u; mount -t tmpfs none /mnt'
0
mount: permission denied (are you root?)
? 1
$ stage07 run --rootfs rootfs -- umount /proc/interrupts
umount: can't unmount /proc/interrupts: Operation not permitted
? 1
