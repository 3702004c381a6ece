stage: 02
needs: root
setup: mkdir empty && echo text > file && ln -s rootfs link
---
$ stage02 run --rootfs nowhere -- ls /
stage02: open the root file system nowhere: No such file or directory
  cause: there is no such directory
  cure:  make a root file system: samples/bases/busybox DIR
  book:  Chapter 2: chroot (book/02-chroot.md#ch02-fails)
? 125
$ stage02 run --rootfs file -- ls /
stage02: open the root file system file: Not a directory
  cause: it is a file, and a root file system is a directory
  cure:  if it is an archive, unpack it into a directory first
  book:  Chapter 2: chroot (book/02-chroot.md#ch02-fails)
? 125
$ stage02 run --rootfs link -- ls /
stage02: open the root file system link: Too many levels of symbolic links
  cause: it is a symbolic link, which could point elsewhere by the time[..]
...
? 125
$ stage02 run --rootfs empty -- ls /
stage02: the root file system empty is empty
  cause: a program and all that it needs must be in its root: in this [..]
  cure:  fill it: samples/bases/busybox empty
  book:  Chapter 2: chroot (book/02-chroot.md#ch02-rootfs)
? 125
