stage: 05
needs: root
seconds: 30
---
$ stage05 run --rootfs rootfs --pids-limit 32 -- sh -c '\
> for i in $(seq 200); do sleep 60 & done'
sh: can't fork: Resource temporarily unavailable
? 2
