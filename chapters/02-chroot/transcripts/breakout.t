stage: 02
needs: root
---
$ echo "a secret of the host" > secret
$ cp $(which breakout) rootfs/bin/
$ stage02 run --rootfs rootfs -- cat $WORK/secret
cat: can't open '[..]/secret': No such file or directory
? 1
$ stage02 run --rootfs rootfs -- breakout /bin/cat $WORK/secret
a secret of the host
$ stage02 run --rootfs rootfs -- \
> breakout /bin/sh -c "echo 'the container was here' > $WORK/secret"
$ cat secret
the container was here
