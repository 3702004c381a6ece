stage: 01
needs:
---
$ stage01 run -- head -n 1 /etc/passwd
root:x:0:0:root:/root:[..]
$ stage01 run --rootfs rootfs -- ls /
stage01: --rootfs arrives in chapter 2 (chroot)
? 125
