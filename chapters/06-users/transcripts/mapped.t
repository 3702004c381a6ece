stage: 06
needs: root
cleanup: kill $(pgrep -f "^sleep 6473"); wait 2> /dev/null; true
---
$ stage06 run --rootfs rootfs --userns private -- cat /proc/self/uid_map
         0 1879048192      65536
$ stage06 run --rootfs rootfs --userns private -- sleep 6473 &
$ sleep 0.5; ps -eo uid,args | grep '[0-9] sleep 6473'
1879048192 sleep 6473
