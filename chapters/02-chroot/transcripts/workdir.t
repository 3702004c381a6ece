stage: 02
needs: root
---
$ echo "a secret of the host" > secret
$ perl -e 'chroot "rootfs"; exec "/bin/cat", "secret"'
a secret of the host
$ perl -e 'chroot "rootfs"; chdir "/"; exec "/bin/cat", "secret"'
cat: can't open 'secret': No such file or directory
? 1
$ stage02 run --rootfs rootfs -- cat secret
cat: can't open 'secret': No such file or directory
? 1
$ stage02 run --rootfs rootfs -w /etc -- cat hostname
box
