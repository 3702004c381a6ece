stage: 02
needs: root
---
$ cp /bin/ls rootfs/bin/gnu-ls
$ ls rootfs/bin/gnu-ls
rootfs/bin/gnu-ls
$ chroot rootfs /bin/gnu-ls /
chroot: failed to run command [..]/bin/gnu-ls[..]: No such file or directory
? 127
$ readelf -l rootfs/bin/gnu-ls | grep interpreter
      [Requesting program interpreter: [..]]
$ readelf -l rootfs/bin/busybox | grep interpreter
? 1
$ stage02 run --rootfs rootfs -- gnu-ls /
stage02: /bin/gnu-ls needs the loader [..], which is not in this [..]
  execute /bin/gnu-ls: No such file or directory
...
? 127
