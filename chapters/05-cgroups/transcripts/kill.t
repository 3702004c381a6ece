stage: 05
needs: root cgroup2
setup: G=/sys/fs/cgroup
cleanup: test ! -d $G/by-hand || rmdir $G/by-hand
---
$ mkdir $G/by-hand
$ sh -c "echo 0 > $G/by-hand/cgroup.procs; sleep 100 & sleep 100" &
$ sleep 0.2; echo 1 > $G/by-hand/cgroup.freeze
$ sleep 0.2; cat $G/by-hand/cgroup.events
populated 1
frozen 1
$ echo 1 > $G/by-hand/cgroup.kill; wait $! 2> /dev/null
? 137
$ grep populated $G/by-hand/cgroup.events
populated 0
$ head -n 1 $G/by-hand/cpu.pressure
some avg10=[..] avg60=[..] avg300=[..] total=[..]
$ rmdir $G/by-hand
