stage: 06
needs: root userns
setup: mount -t tmpfs none /mnt; chmod 755 /mnt; cd /mnt
---
$ echo "not for members of staff" > notice
$ chgrp 50 notice; chmod 604 notice
$ member() { setpriv --reuid 1234 --regid 1234 --groups 50 "$@"; }
$ member cat notice
cat: notice: Permission denied
? 1
$ member unshare --user --map-root-user setpriv --clear-groups cat notice
setpriv: setgroups failed: Operation not permitted
? 127
$ member unshare --user --map-root-user cat /proc/self/setgroups
deny
