stage: 07
needs: root
---
$ stage07 run --rootfs rootfs --security-opt seccomp=unconfined -- \
> unshare -m -U -r sh -c 'mount -t tmpfs none /mnt && echo mounted'
mounted
$ stage07 run --rootfs rootfs -- \
> unshare -m -U -r sh -c 'mount -t tmpfs none /mnt && echo mounted'
unshare: unshare(0x10020000): Operation not permitted
? 1
