stage: 05
needs: root cgroup2
---
$ stage05 run --explain --rootfs rootfs --cgroup-parent /room \
> --pids-limit 100 --memory 64m --cpus 0.5 -- true 2> story
$ grep -o "mkdir /.*\|echo .*room.*" story | \
> sed 's|dockwright-[0-9a-f]*|GROUP|'
mkdir /sys/fs/cgroup/room
echo '+pids +memory +cpu +io' > /sys/fs/cgroup/room/cgroup.subtree_control
mkdir /sys/fs/cgroup/room/GROUP
echo 100 > /sys/fs/cgroup/room/GROUP/pids.max
echo 67108864 > /sys/fs/cgroup/room/GROUP/memory.max
echo 67108864 > /sys/fs/cgroup/room/GROUP/memory.swap.max
echo '50000 100000' > /sys/fs/cgroup/room/GROUP/cpu.max
$ grep -o "CLONE_INTO_CGROUP" story
CLONE_INTO_CGROUP
