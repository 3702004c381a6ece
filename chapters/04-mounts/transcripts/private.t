stage: 04
needs: root
setup: mount --make-rshared /
---
$ wc -l < /proc/self/mountinfo > before
$ stage04 run --rootfs rootfs -- \
> sh -c 'mount -t tmpfs none /mnt; grep -o "/mnt" /proc/mounts'
/mnt
$ wc -l < /proc/self/mountinfo | diff before - && echo "none more, none less"
none more, none less
