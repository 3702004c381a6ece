stage: 06
needs: root
---
$ echo 'web:x:33:34::/srv/web:/bin/sh' >> rootfs/etc/passwd
$ echo 'tape:x:26:web' >> rootfs/etc/group
$ stage06 run --rootfs rootfs --user web -- sh -c 'id; echo $HOME'
uid=33(web) gid=34 groups=26(tape)
/srv/web
$ stage06 run --rootfs rootfs --user web:tape -- id -G
26
$ stage06 run --rootfs rootfs --user wbe -- id
stage06: unable to find user wbe: no matching entries in passwd file
  cause: --user names somebody of the container, and its /etc/passwd does not know them
  cure:  look with `cat ROOTFS/etc/passwd`; a number needs no entry there
  book:  Chapter 6: User namespaces (book/06-users.md#ch06-user)
? 125
$ stage06 run --rootfs rootfs --user web -- sh -c 'grep CapEff /proc/self/status'
CapEff:	0000000000000000
