stage: 08
needs: root
setup: stage08 run --rootfs rootfs:O --upper changes -- sh -c 'rm /bin/vi; rm -r /etc; mkdir /etc; echo 127.0.0.1 box > /etc/hosts'
---
$ stage08 layer diff changes -o layer.tar
diff ID  sha256:63ef4188572e3478d6fbf1ea4e588936d32c37d46ac34e79ec5226f5934b52f5
entries  5
size     4.0KiB
$ tar -tvf layer.tar | cut -c 1-25,43-
drwxr-xr-x 0/0           12:14 bin/
---------- 0/0           00:00 bin/.wh.vi
drwxr-xr-x 0/0           12:14 etc/
---------- 0/0           00:00 etc/.wh..wh..opq
-rw-r--r-- 0/0           12:14 etc/hosts
