stage: 06
needs: root userns
setup: mount -t tmpfs none /mnt; chmod 755 /mnt; cp "$(command -v stage06)" /mnt/; cp -a rootfs /mnt/
setup: cp -a /etc /mnt/.etc; echo 'you:x:1234:1234::/home/you:/bin/bash' >> /mnt/.etc/passwd; mount --bind /mnt/.etc /etc
setup: chown -R 1234:1234 /mnt/rootfs; chown 1234 /mnt; cd /mnt; you() { setpriv --reuid 1234 --regid 1234 --clear-groups "$@"; }
setup: stage06() { you /mnt/stage06 "$@"; }
setup: id() { you id "$@"; }
cleanup: kill $(pgrep -u 1234 -f "^sleep 6472"); wait 2> /dev/null; true
---
$ id -u
1234
$ stage06 run --rootfs rootfs -- id
uid=0(root) gid=0(root)
$ stage06 run --rootfs rootfs -- sleep 6472 &
$ sleep 0.5; ps -eo user,args | grep '^you *sleep 6472'
you      sleep 6472
