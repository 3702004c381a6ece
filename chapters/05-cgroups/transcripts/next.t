stage: 05
needs: root
cleanup: kill %1; wait %1 2> /dev/null; true
---
$ stage05 run --rootfs rootfs -- sleep 1000 &
$ sleep 0.5; ps -o user= -o args= $(pgrep -P $(pgrep -P $!))
root     sleep 1000
