stage: 05
needs: root
---
$ stage05 run --rootfs rootfs -- sh -c '\
> cd /sys/fs/cgroup; test ! -d pids || cd pids; \
> cat pids.max; echo max > pids.max'
2048
sh: can't create pids.max: Read-only file system
? 1
