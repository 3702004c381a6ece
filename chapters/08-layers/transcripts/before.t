stage: 07
needs: root
---
$ stage07 run --rootfs rootfs -- rm /bin/vi
$ stage07 run --rootfs rootfs -- vi --help
stage07: vi: not found along PATH (/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
? 127
