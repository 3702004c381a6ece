stage: 08
needs: root
setup: stage08 run --rootfs rootfs:O --upper changes -- sh -c 'echo "PATH=/bin" > /etc/profile'
---
$ stage08 layer diff changes -o layer.tar
diff ID  sha256:54c0a43c61d2d5d9f1399934d4b8cd469da5f3c5a8e32370c166ddfd29bbe716
entries  2
size     2.5KiB
$ sed -i s,PATH=/bin,PATH=/tmp, layer.tar; mkdir layer
$ stage08 layer apply layer.tar layer
diff ID  sha256:26dd2ef4af61418025df4c3f040e3e8e0b621a0ed9a4e0e8d990cd76941b45da
entries  2
size     10B
$ cat layer/etc/profile
PATH=/tmp
