stage: 08
needs: root
---
$ stage08 run --rootfs rootfs:O -- rm /bin/vi
$ stage08 run --rootfs rootfs:O -- ls /bin/vi
/bin/vi
$ stage08 run --rootfs rootfs:O -- \
> grep -c ' / / .* overlay ' /proc/self/mountinfo
1
$ grep -c "overlay.*$PWD" /proc/self/mountinfo
0
? 1
