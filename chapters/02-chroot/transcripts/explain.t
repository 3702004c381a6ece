stage: 02
needs: root
---
$ stage02 run --explain --rootfs rootfs -- true 2>&1 | \
> sed -n '/fchdir/,/\[ 8\]/p' | grep -v -e shell -e '\[ 8\]'
[ 5] fchdir(4 /* the root file system */)
     why    a process sees what is below its root, and nothing else
     book   Chapter 2: chroot (book/02-chroot.md#ch02-chroot)
[ 6] chroot(".")
     book   Chapter 2: chroot (book/02-chroot.md#ch02-chroot)
[ 7] chdir("/")
     why    a program begins in a directory of its own root
     book   Chapter 1: A process is all there is (book/01-process.md#ch01-exec)
