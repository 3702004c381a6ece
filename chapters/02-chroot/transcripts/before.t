stage: 01
needs:
---
$ echo "a secret of the host" > secret
$ stage01 run -- cat $WORK/secret
a secret of the host
$ stage01 run -- ls -d /boot /etc/shadow /root
/boot
/etc/shadow
/root
