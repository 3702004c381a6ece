stage: 07
needs: root
---
$ printf '%s\n' '{"defaultAction": "SCMP_ACT_ALLOW",' \
>   ' "syscalls": [{"names": ["mkdir", "mkdirat"],' \
>   '   "action": "SCMP_ACT_ERRNO", "errnoRet": 122}]}' > mine.json
$ stage07 run --rootfs rootfs --security-opt seccomp=mine.json -- mkdir /new
mkdir: can't create directory '/new': Disk quota exceeded
? 1
$ sed -i 's/SCMP_ACT_ERRNO/SCMP_ACT_REFUSE/' mine.json
$ stage07 run --rootfs rootfs --security-opt seccomp=mine.json -- mkdir /new
stage07: mine.json:3: /syscalls/0/action: unknown action: SCMP_ACT_REFUSE
? 125
