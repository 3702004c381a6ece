stage: 03
needs: root
minutes: 1
cleanup: kill $stage
---
$ stage03 run --rootfs rootfs -- sleep 60 & stage=$!
$ sleep 1; init=$(pgrep -P $stage); command=$(pgrep -P $init)
$ grep NSpid /proc/$init/status
NSpid:	[PID]	1
$ grep NSpid /proc/$command/status
NSpid:	[PID]	2
