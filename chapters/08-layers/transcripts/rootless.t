stage: 08
needs: root userns
setup: mount -t tmpfs none /mnt; chmod 755 /mnt; cp "$(command -v stage08)" /mnt/; cp -a rootfs /mnt/
setup: chown -R 1234:1234 /mnt/rootfs; chown 1234 /mnt; cd /mnt; you() { setpriv --reuid 1234 --regid 1234 --clear-groups "$@"; }
setup: stage08() { you /mnt/stage08 "$@"; }
setup: id() { you id "$@"; }
---
$ id -u
1234
$ stage08 run --rootfs rootfs:O --upper changes -- rm /bin/vi
$ ls -ln --time-style=+ changes/diff/bin
total 0
c--------- 2 1234 1234 0, 0  vi
$ stage08 run --explain --rootfs rootfs:O -- true 2>&1 | grep userxattr
[25] fsconfig(5, FSCONFIG_SET_FLAG, "userxattr", "")
