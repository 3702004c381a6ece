stage: 02
needs: root
cleanup: umount rootfs/proc; kill %1
---
$ sleep 1234 &
$ stage02 run --rootfs rootfs -- \
> sh -c 'mount -t proc proc /proc; ps | grep "[s]leep 1234"'
[..][PID] root [..]sleep 1234
$ stage02 run --rootfs rootfs -- hostname box
$ hostname
box
$ grep -c rootfs/proc /proc/self/mounts
1
