stage: 06
needs: root userns uidmap
setup: mount -t tmpfs none /mnt; chmod 755 /mnt; cp "$(command -v stage06)" /mnt/; cp -a rootfs /mnt/
setup: cp -a /etc /mnt/.etc; echo 'you:x:1234:1234::/home/you:/bin/bash' >> /mnt/.etc/passwd; mount --bind /mnt/.etc /etc
setup: chown -R 1234:1234 /mnt/rootfs; chown 1234 /mnt; cd /mnt; you() { setpriv --reuid 1234 --regid 1234 --clear-groups "$@"; }
setup: stage06() { you /mnt/stage06 "$@"; }
setup: echo 'you:300000:65536' | tee /etc/subuid > /etc/subgid
---
$ grep you /etc/subuid
you:300000:65536
$ stage06 run --rootfs rootfs -- sh -c '\
> cat /proc/self/uid_map; touch /made; chown 5 /made; stat -c %u /made'
         0       1234          1
         1     300000      65536
5
$ stat -c %u rootfs/made
300004
$ stage06 run --rootfs rootfs --userns keep-id -- \
> sh -c 'id -u; cat /proc/self/uid_map'
1234
         0     300000       1234
      1234       1234          1
      1235     301234      64302
