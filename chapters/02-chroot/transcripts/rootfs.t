stage: 02
needs:
---
$ ls rootfs
bin
dev
etc
home
mnt
proc
root
run
sbin
sys
tmp
usr
var
$ ls -l rootfs/bin/busybox rootfs/bin/cat rootfs/bin/ls
-rwxr-xr-x 1 [..] rootfs/bin/busybox
lrwxrwxrwx 1 [..] rootfs/bin/cat -> busybox
lrwxrwxrwx 1 [..] rootfs/bin/ls -> busybox
