stage: 04
needs: root
---
$ echo "a secret of the host" > secret
$ cp $(which breakout) rootfs/bin/
$ stage04 run --rootfs rootfs -- breakout /bin/cat $WORK/secret
cat: can't open '[..]/secret': No such file or directory
? 1
$ stage04 run --rootfs rootfs -- breakout /bin/ls /
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
