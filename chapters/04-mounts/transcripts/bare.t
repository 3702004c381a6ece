stage: 03
needs: root
cleanup: umount rootfs/proc
---
$ stage03 run --rootfs rootfs -- \
> sh -c 'echo "to be thrown away" > /dev/null'
$ cat rootfs/dev/null
to be thrown away
$ stage03 run --rootfs rootfs -- \
> sh -c 'true >> /proc/sys/kernel/core_pattern && echo "may be written"'
may be written
