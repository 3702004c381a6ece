stage: 07
needs: root
---
$ stage07 run --rootfs rootfs -- readlink /proc/1/exe
? 1
$ stage07 run --rootfs rootfs -- \
> sh -c 'sleep 0.2; grep CapEff /proc/1/status'
CapEff:	0000000000000020
$ stage07 run --rootfs rootfs -- /proc/self/exe --version
stage07: /proc/self/exe is this runtime itself, which no container may run
  cause: a container that gets hold of the runtime's file could replace it
  cure:  name a program of the container's own
  book:  Chapter 7: Capabilities and seccomp [..]
? 126
