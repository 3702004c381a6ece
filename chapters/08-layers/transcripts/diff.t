stage: 08
needs: root
setup: stage08 run --rootfs rootfs:O --upper changes -- sh -c 'rm /bin/vi; rm -r /etc; mkdir /etc; echo 127.0.0.1 box > /etc/hosts'
---
$ export SOURCE_DATE_EPOCH=1700000000
$ stage08 layer diff changes -o layer.tar
diff ID  sha256:a0286f88872aad03fc9d3935c3715d332f0bb3707b82a875924cc2a3e245fd2a
entries  5
size     4.0KiB
$ tar -tvf layer.tar | awk '{ print $1, $NF }'
drwxr-xr-x bin/
---------- bin/.wh.vi
drwxr-xr-x etc/
---------- etc/.wh..wh..opq
-rw-r--r-- etc/hosts
