stage: 03
needs: root
minutes: 1
---
$ stage03 run --rootfs rootfs -- hostname
box
$ stage03 run --rootfs rootfs --hostname web -- hostname
web
$ stage03 run --rootfs rootfs -- hostname oops
$ hostname
host
