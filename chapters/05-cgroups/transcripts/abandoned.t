stage: 05
needs: root
setup: G=/sys/fs/cgroup; test ! -d $G/pids || G=$G/pids
cleanup: find /sys/fs/cgroup -depth -type d -path "*room-$$*" -exec rmdir {} + 2> /dev/null; true
---
$ stage05 run --rootfs rootfs --cgroup-parent /room-$$ -- sleep 1000 &
$ sleep 0.5; kill -9 $!; wait $! 2> /dev/null
? 137
$ ls $G/room-$$ | grep dockwright
dockwright-[..]
$ stage05 run --rootfs rootfs --cgroup-parent /room-$$ -- true
$ ls $G/room-$$ | grep -c dockwright
0
? 1
