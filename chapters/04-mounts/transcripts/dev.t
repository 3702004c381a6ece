stage: 04
needs: root
---
$ stage04 run --rootfs rootfs -- ls /dev
fd
full
mqueue
null
ptmx
pts
random
shm
stderr
stdin
stdout
tty
urandom
zero
$ stage04 run --rootfs rootfs -- \
> sh -c 'echo "to be thrown away" > /dev/null'
$ stage04 run --rootfs rootfs -- \
> sh -c 'echo "one byte too many" > /dev/full'
sh: write error: No space left on device
? 1
$ ls -A rootfs/dev
