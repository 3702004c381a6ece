stage: 06
needs: root
---
$ stage06 run --explain --rootfs rootfs --userns private -- true 2> story
$ grep -o "CLONE_NEWUSER\|printf '0.*map\|X-mount.idmap.*" story | \
> sed 's|/proc/[0-9]*|/proc/PID|'
CLONE_NEWUSER
printf '0 1879048192 65536\n' > /proc/PID/uid_map
printf '0 1879048192 65536\n' > /proc/PID/gid_map
X-mount.idmap=/proc/PID/ns/user ROOTFS …
