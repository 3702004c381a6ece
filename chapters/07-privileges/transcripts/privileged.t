stage: 07
needs: root
---
$ stage07 run --rootfs rootfs --privileged -- \
> sh -c 'grep -E "NoNew|Seccomp:" /proc/self/status; ls /dev | grep -c tty'
NoNewPrivs:	0
Seccomp:	0
[..]
$ stage07 run --rootfs rootfs --privileged -- \
> sh -c 'true >> /proc/sys/kernel/core_pattern && echo "open for writing"'
open for writing
