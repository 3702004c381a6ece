stage: 03
needs: root
minutes: 1
cleanup: kill -9 $left
---
$ stage02 run --rootfs rootfs -- sleep 60 & stage=$!
$ sleep 1; left=$(pgrep -P $stage); kill -9 $stage
$ sleep 1; ps -o args= --pid $left
bash: line 1: [..]Killed[..]
sleep 60
$ stage03 run --rootfs rootfs -- sleep 60 & stage=$!
$ sleep 1; init=$(pgrep -P $stage); command=$(pgrep -P $init); kill -9 $stage
$ sleep 1; ps -o args= --pid $command
bash: line 1: [..]Killed[..]
? 1
