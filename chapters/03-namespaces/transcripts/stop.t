stage: 03
needs: root
minutes: 1
---
$ timeout -v -k 2 1 stage03 run --no-init --rootfs rootfs -- sleep 60
timeout: sending signal TERM to command [..]stage03[..]
timeout: sending signal KILL to command [..]stage03[..]
bash: line 1: [..]Killed[..]
? 137
$ timeout -v -k 2 1 stage03 run --rootfs rootfs -- sleep 60
timeout: sending signal TERM to command [..]stage03[..]
? 124
