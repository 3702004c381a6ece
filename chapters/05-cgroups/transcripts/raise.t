stage: 05
needs: root
---
$ stage05 run --rootfs rootfs -- sh -c '\
> cd /sys/fs/cgroup; test ! -d pids || cd pids; \
> mount -o remount,bind,rw .; test -w pids.max && echo "may be written"'
may be written
