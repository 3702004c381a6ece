stage: 07
needs: root
---
$ stage07 run --rootfs rootfs -- \
> sh -c 'sleep 0.2; readlink /proc/1/exe || echo closed
> grep CapEff /proc/1/status'
closed
CapEff:	0000000000000020
$ stage07 run --rootfs rootfs -- /proc/self/exe --version
stage07: /proc/self/exe leads to this runtime itself, which is not run inside a container
  cause: a container that gets hold of the runtime's file could replace it
  cure:  name a program of the container's own
  book:  Chapter 7: Capabilities and seccomp (book/07-privileges.md#ch07-init)
? 126
