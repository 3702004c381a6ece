stage: 03
needs: root
minutes: 1
---
$ cp $(command -v breakout) rootfs/bin
$ sleep 600 & victim=$!
$ stage03 run --rootfs rootfs -- breakout /bin/cat /proc/$victim/comm
sleep
$ stage03 run --rootfs rootfs -- breakout /bin/kill $victim
/bin/kill: ([PID]): No such process
? 1
$ stage03 run --rootfs rootfs -- \
> breakout /usr/bin/nsenter --target $victim --pid true
nsenter: reassociate to namespace 'ns/pid' failed: Invalid argument
? 1
$ stage03 run --rootfs rootfs -- \
> breakout /usr/bin/nsenter --target $victim --uts hostname oops
$ hostname
oops
