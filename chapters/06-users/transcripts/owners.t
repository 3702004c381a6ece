stage: 06
needs: root
---
$ stage06 run --rootfs rootfs --userns private -- sh -c '\
> touch /made; chown 5:6 /made; stat -c "%u:%g %n" /made /bin/sh'
5:6 /made
0:0 /bin/sh
$ stat -c "%u:%g %n" rootfs/made rootfs/bin/sh
5:6 rootfs/made
0:0 rootfs/bin/sh
$ stage06 run --rootfs rootfs --userns private -- \
> grep -o '^[^ ]* / .*idmapped' /proc/self/mounts | cut -d' ' -f2,4
/ rw,relatime,idmapped
