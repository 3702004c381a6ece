stage: 05
needs: root
setup: G=/sys/fs/cgroup; test ! -d $G/pids || G=$G/pids
setup: test ! -e $G/cgroup.subtree_control || echo +pids > $G/cgroup.subtree_control
cleanup: test ! -d $G/by-hand || rmdir $G/by-hand
---
$ mkdir $G/by-hand
$ cat $G/by-hand/pids.max
max
$ echo 2 > $G/by-hand/pids.max
$ sh -c "echo 0 > $G/by-hand/cgroup.procs; \
>   cat $G/by-hand/pids.current; true | true"
2
sh: 1: Cannot fork
? 2
$ sleep 0.1; rmdir $G/by-hand
