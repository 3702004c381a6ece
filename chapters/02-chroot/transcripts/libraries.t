stage: 02
needs: root
setup: cp /bin/ls rootfs/bin/gnu-ls
---
$ ldd rootfs/bin/gnu-ls
	linux-vdso.so.1 ([..])
...
	libc.so.6 => [..]/libc.so.6 ([..])
...
$ for file in $(ldd rootfs/bin/gnu-ls | grep -o '/[^ ]*'); do \
> mkdir -p rootfs$(dirname $file); cp $file rootfs$file; done
$ stage02 run --rootfs rootfs -- gnu-ls -d /bin /etc
/bin
/etc
