stage: 03
needs: root
minutes: 1
---
$ stage03 run --rootfs rootfs -- true
$ stage03 run --rootfs rootfs -- true
$ findmnt --list --noheadings --output TARGET,FSTYPE | grep rootfs
[..]/rootfs/proc[..]proc
[..]/rootfs/proc[..]proc
$ umount rootfs/proc
$ umount rootfs/proc
$ findmnt --list --noheadings --output TARGET,FSTYPE | grep rootfs
? 1
