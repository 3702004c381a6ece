stage: 06
needs: root
---
$ echo 'web:x:33:34::/srv/web:/bin/sh' >> rootfs/etc/passwd
$ echo 'tape:x:26:web' >> rootfs/etc/group
$ stage06 run --rootfs rootfs --user web -- sh -c 'id; echo $HOME'
uid=33(web) gid=34 groups=26(tape)
/srv/web
$ stage06 run --rootfs rootfs --user web:tape -- id -G
26
$ stage06 run --rootfs rootfs --user wbe -- id 2>&1 | head -n 1
stage06: unable to find user wbe: no matching entries in passwd file
$ stage06 run --rootfs rootfs --user web -- grep CapEff /proc/self/status
CapEff:	0000000000000000
