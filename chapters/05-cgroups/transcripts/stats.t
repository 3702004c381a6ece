stage: 05
needs: root
cleanup: kill %1; wait %1 2> /dev/null; true
---
$ stage05 run --rootfs rootfs --memory 64m --cpus 0.25 \
>   --cgroup-parent /room-$$ -- sh -c 'while true; do :; done' &
$ sleep 0.5; stage05 stats --no-stream --cgroup-parent /room-$$ | cut -c 1-70
CONTAINER      COMMAND             CPU %     MEM USAGE / LIMIT   MEM %
[..]   sh                 2[..]%     [..]iB / 64.0MiB   [..]%
