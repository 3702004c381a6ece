stage: 05
needs: root
seconds: 30
---
$ stage05 run --rootfs rootfs --memory 64m -- \
> sh -c 'tail /dev/zero; cd /sys/fs/cgroup; \
>   cat memory.events memory/memory.oom_control 2> /dev/null | \
>   grep "oom_kill "' 2> words
oom_kill 1
$ fold -s -w 76 words
Killed
out of memory: the kernel killed a process of the container, which wanted[..]
more than --memory 64.0MiB
