stage: 07
needs: root
---
$ stage07 run --rootfs rootfs -- rm /bin/vi
$ stage07 run --rootfs rootfs -- ls /bin/vi
ls: /bin/vi: No such file or directory
? 1
