stage: 05
needs: root
seconds: 30
---
$ stage05 run --rootfs rootfs --memory 64m -- tail /dev/zero 2> words
? 137
$ fold -s -w 76 words
out of memory: the kernel killed a process of the container, which wanted[..]
more than --memory 64.0MiB
