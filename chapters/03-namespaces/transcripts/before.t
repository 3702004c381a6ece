stage: 02
needs: root
minutes: 1
---
$ hostname
host
$ stage02 run --rootfs rootfs -- hostname oops
$ hostname
oops
$ sleep 600 & victim=$!
$ stage02 run --rootfs rootfs -- kill $victim
$ wait $victim
? 143
