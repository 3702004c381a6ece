stage: 03
needs: root
cleanup: umount rootfs/proc
---
$ echo "a secret of the host" > secret
$ cp $(which breakout) rootfs/bin/
$ stage03 run --rootfs rootfs -- breakout /bin/cat $WORK/secret
a secret of the host
$ cut -d' ' -f 1-3 /proc/self/mounts | grep rootfs
proc [..]/rootfs/proc proc
