stage: 08
needs: root
setup: stage08 run --rootfs rootfs:O --upper changes -- sh -c 'echo "PATH=/bin" > /etc/profile'
---
$ stage08 layer diff changes -o layer.tar
diff ID  sha256:[..]
entries  2
size     2.5KiB
$ sed -i s,PATH=/bin,PATH=/tmp, layer.tar; mkdir layer
$ stage08 layer apply layer.tar layer
diff ID  sha256:[..]
entries  2
size     10B
$ cat layer/etc/profile
PATH=/tmp
