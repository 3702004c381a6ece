stage: 06
needs: root userns
setup: mount -t tmpfs none /mnt; chmod 755 /mnt; cp "$(command -v stage06)" /mnt/; cp -a rootfs /mnt/
setup: cp -a /etc /mnt/.etc; echo 'you:x:1234:1234::/home/you:/bin/bash' >> /mnt/.etc/passwd; mount --bind /mnt/.etc /etc
setup: chown -R 1234:1234 /mnt/rootfs; chown 1234 /mnt; cd /mnt; you() { setpriv --reuid 1234 --regid 1234 --clear-groups "$@"; }
setup: stage06() { you /mnt/stage06 "$@"; }
setup: mkdir() { you mkdir "$@"; }; cp() { you cp "$@"; }; neighbour() { setpriv --reuid 4321 --regid 4321 --clear-groups sh -c "$1"; }
---
$ mkdir data; cp $(command -v id) data/id
$ stage06 run --rootfs rootfs -v ./data:/data -- \
> sh -c 'chown 0:0 /data/id && chmod u+s /data/id'
$ neighbour data/id
uid=4321 gid=4321 euid=1234(you) groups=4321
