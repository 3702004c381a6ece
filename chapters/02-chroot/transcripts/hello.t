stage: 02
needs: root
---
$ echo "a secret of the host" > secret
$ stage02 run --rootfs rootfs -- ls /
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
$ stage02 run --rootfs rootfs -- cat $WORK/secret
cat: can't open '[..]/secret': No such file or directory
? 1
