stage: 04
needs: root
seconds: 30
---
$ stage04 run --rootfs rootfs -- \
> sh -c 'head -c 100000000 /dev/zero | tail -c 100000000 | wc -c'
100000000
$ stage04 run --rootfs rootfs --memory 64m -- true
stage04: --memory arrives in chapter 5 (cgroups)
? 125
