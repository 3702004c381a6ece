stage: 07
needs: root
---
$ stage07 run --rootfs rootfs --cap-add SYS_ADMIN -- \
> sh -c 'mount -t tmpfs none /mnt && echo mounted'
mounted
$ stage07 run --rootfs rootfs --cap-drop ALL -- \
> sh -c 'grep CapEff /proc/self/status; chown 1 /bin'
CapEff:	0000000000000000
chown: /bin: Operation not permitted
? 1
$ stage07 run --rootfs rootfs --cap-add NET_ADMN -- true
stage07: unknown capability: NET_ADMN; did you mean NET_ADMIN?
  cure:  capabilities(7) lists them; ALL means every one
  book:  Chapter 7: Capabilities and seccomp [..]
? 125
