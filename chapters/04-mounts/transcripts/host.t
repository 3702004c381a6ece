stage: 04
needs: root
setup: mount --make-rshared /
---
$ cat /proc/self/mountinfo > before
$ stage04 run --rootfs rootfs --tmpfs /cache -- true
$ stage04 run --rootfs rootfs --tmpfs /cache -- sleep 1000 &
$ sleep 0.5; kill -9 $!; wait $! 2> /dev/null
? 137
$ cat /proc/self/mountinfo | diff before - && echo "the same"
the same
