stage: 08
needs: root
---
$ stage08 run --rootfs rootfs:O --upper changes -- sh -c \
> 'rm /bin/vi; rm -r /etc; mkdir /etc; echo 127.0.0.1 box > /etc/hosts'
$ find changes/diff -mindepth 1 -printf '%M %P\n' | sort -k 2
drwxr-xr-x bin
c--------- bin/vi
drwxr-xr-x etc
-rw-r--r-- etc/hosts
$ ls -l --time-style=+ changes/diff/bin/vi rootfs/bin/vi
c--------- 2 root root 0, 0  changes/diff/bin/vi
lrwxrwxrwx 1 root root    7  rootfs/bin/vi -> busybox
