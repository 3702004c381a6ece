stage: 08
needs: root userns
---
$ for number in 100000 200000; do \
>   stage08 run --rootfs rootfs:O --uidmap 0:$number:65536 -- \
>     sh -c 'stat -c "%u %n" /etc/passwd; cat /proc/self/uid_map'; \
> done
0 /etc/passwd
         0     100000      65536
0 /etc/passwd
         0     200000      65536
$ stat -c '%u %n' rootfs/etc/passwd
0 rootfs/etc/passwd
