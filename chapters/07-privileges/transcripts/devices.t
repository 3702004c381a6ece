stage: 07
needs: root
---
$ stage07 run --rootfs rootfs --cap-add SYSLOG -- \
> sh -c 'mknod /k c 1 11 && head -n 1 /k'
head: /k: Operation not permitted
? 1
$ rm rootfs/k
$ stage07 run --rootfs rootfs --cap-add SYSLOG --device /dev/kmsg -- \
> sh -c 'head -n 1 /dev/kmsg | wc -l'
1
