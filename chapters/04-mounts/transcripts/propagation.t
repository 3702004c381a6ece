stage: 04
needs: root
---
$ mkdir lab && mount -t tmpfs lab lab && mount --make-shared lab
$ mkdir lab/a lab/b
$ unshare --mount --propagation unchanged mount -t tmpfs none lab/a
$ unshare --mount --propagation private mount -t tmpfs none lab/b
$ grep -o "lab/[ab]" /proc/self/mounts
lab/a
$ umount -R lab
