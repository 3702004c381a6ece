stage: 06
needs: root userns
setup: mount -t tmpfs none /mnt; chmod 755 /mnt; cp "$(command -v stage06)" /mnt/; cp -a rootfs /mnt/
setup: cp -a /etc /mnt/.etc; echo 'you:x:1234:1234::/home/you:/bin/bash' >> /mnt/.etc/passwd; mount --bind /mnt/.etc /etc
setup: chown -R 1234:1234 /mnt/rootfs; chown 1234 /mnt; cd /mnt; you() { setpriv --reuid 1234 --regid 1234 --clear-groups "$@"; }
setup: stage06() { you /mnt/stage06 "$@"; }
setup: unshare() { you unshare "$@"; }
---
$ unshare --user sh -c 'echo $$ > pid; id -u; sleep 2; id -u' > who &
$ sleep 0.5; echo "0 1234 1" > /proc/$(cat pid)/uid_map
$ echo "0 0 1" > /proc/$(cat pid)/uid_map
[..]echo: write error: Operation not permitted
? 1
$ wait; cat who
65534
0
