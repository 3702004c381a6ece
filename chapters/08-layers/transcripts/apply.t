stage: 08
needs: root
setup: stage08 run --rootfs rootfs:O --upper changes -- sh -c 'rm /bin/vi; rm -r /etc; mkdir /etc; echo 127.0.0.1 box > /etc/hosts'
setup: export SOURCE_DATE_EPOCH=1700000000; stage08 layer diff changes -o layer.tar
---
$ gzip -k layer.tar; mkdir layer
$ stage08 layer apply layer.tar.gz layer
diff ID  sha256:a0286f88872aad03fc9d3935c3715d332f0bb3707b82a875924cc2a3e245fd2a
entries  5
size     14B
$ sha256sum layer.tar
a0286f88872aad03fc9d3935c3715d332f0bb3707b82a875924cc2a3e245fd2a  layer.tar
$ ls -l --time-style=+ layer/bin/vi
c--------- 1 root root 0, 0  layer/bin/vi
$ stage08 run --rootfs rootfs:O --layer layer -- ls /etc /bin/vi
ls: /bin/vi: No such file or directory
/etc:
hosts
? 1
