stage: 04
needs: root
cleanup: kill %1 2> /dev/null || true
---
$ stage04 run --rootfs rootfs -- sh -c 'touch /up; exec sleep 4343' &
$ until [ -e rootfs/up ]; do sleep 0.1; done
$ ps -C sleep -o user=,args= | grep 4343
root     sleep 4343
$ stage04 run --rootfs rootfs -- ps
PID   USER     COMMAND
    1 root     stage04 run --rootfs rootfs -- ps
    2 root     ps
$ stage04 run --rootfs rootfs -- uname -r > inside
$ uname -r | cmp - inside && echo one kernel
one kernel
