stage: 06
needs: root userns
setup: mount -t tmpfs none /mnt; chmod 755 /mnt; cp "$(command -v stage06)" /mnt/; cp -a rootfs /mnt/
setup: cp -a /etc /mnt/.etc; echo 'you:x:1234:1234::/home/you:/bin/bash' >> /mnt/.etc/passwd; mount --bind /mnt/.etc /etc
setup: chown -R 1234:1234 /mnt/rootfs; chown 1234 /mnt; cd /mnt; you() { setpriv --reuid 1234 --regid 1234 --clear-groups "$@"; }
setup: stage06() { you /mnt/stage06 "$@"; }
---
$ stage06 run --rootfs rootfs -- \
> sh -c 'cat /proc/self/uid_map; touch /made; chown 5 /made'
         0       1234          1
chown: /made: Invalid argument
? 1
$ stage06 run --rootfs rootfs --user 7 -- id 2>&1 | head -n 1
stage06: user 7 does not exist in the container's user namespace
