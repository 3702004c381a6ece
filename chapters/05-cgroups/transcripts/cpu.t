stage: 05
needs: root
seconds: 30
---
$ TIMEFORMAT="%P %% of a processor in %R seconds"
$ time stage05 run --rootfs rootfs --cpus 0.25 -- \
> timeout 3 sh -c 'while true; do :; done'
2[..] % of a processor in 3[..] seconds
? 143
