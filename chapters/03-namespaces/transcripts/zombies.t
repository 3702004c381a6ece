stage: 03
needs: root
minutes: 1
cleanup: kill -9 $stage
---
$ touch rootfs/dev/null
$ stage03 run --no-init --rootfs rootfs -- \
> sh -c 'sh -c "sleep 0.1 &"; exec sleep 60' & stage=$!
$ sleep 1; ps -o stat=,args= --ppid $(pgrep -P $stage)
Z    [sleep] <defunct>
$ kill -9 $stage; wait $stage
bash: line 1: [..]Killed[..]
? 137
$ stage03 run --rootfs rootfs -- \
> sh -c 'sh -c "sleep 0.1 &"; exec sleep 60' & stage=$!
$ sleep 1; ps -o stat=,args= --ppid $(pgrep -P $stage)
S    sleep 60
