stage: 07
needs: root
---
$ stage07 run --rootfs rootfs -- touch /made-by-one
$ stage07 run --rootfs rootfs -- ls /made-by-one
/made-by-one
$ rm rootfs/made-by-one
$ for i in $(seq 20); do cp -a rootfs box$i; done
$ ls -d box* | wc -l; du -sm box20
20
2	box20
