stage: 06
needs: root
setup: chmod 755 .; neighbour() { setpriv --reuid 4321 --regid 4321 --clear-groups sh -c "$1"; }
---
$ mkdir data; cp $(command -v id) data/id
$ stage06 run --rootfs rootfs --userns private -v ./data:/data -- \
> sh -c 'chown 0:0 /data/id && chmod u+s /data/id'
$ neighbour data/id
uid=4321 gid=4321 euid=0(root) groups=4321
$ chmod 700 data; neighbour data/id
sh: 1: data/id: Permission denied
? 126
