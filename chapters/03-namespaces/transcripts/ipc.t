stage: 03
needs: root
minutes: 1
---
$ ipcmk --shmem 4096
Shared memory id: [..]
$ wc -l < /proc/sysvipc/shm
2
$ stage03 run --rootfs rootfs -- wc -l /proc/sysvipc/shm
1 /proc/sysvipc/shm
