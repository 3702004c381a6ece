stage: 03
needs: root
minutes: 1
---
$ stage03 run --rootfs rootfs -- sh -c 'echo $$'
2
$ sleep 600 & victim=$!
$ stage03 run --rootfs rootfs -- kill $victim
kill: can't kill pid [PID]: No such process
? 1
