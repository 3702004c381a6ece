stage: 08
needs: root
---
$ stage08 run --rootfs rootfs:O -- rm /bin/vi
$ stage08 run --rootfs rootfs:O -- ls /bin/vi
/bin/vi
$ stage08 run --rootfs rootfs:O -- grep ' / / ' /proc/self/mountinfo | \
> fold -w 72
110 107 0:42 / / rw,relatime - overlay overlay rw,lowerdir+=/proc/self/f
d/3,upperdir=/proc/self/fd/6,workdir=/proc/self/fd/7,redirect_dir=nofoll
ow,uuid=on
$ grep -c "overlay .*/chapter8" /proc/self/mountinfo
0
? 1
