stage: 08
needs: root
setup: stage08 run --rootfs rootfs:O --upper changes -- sh -c 'rm /bin/vi; rm -r /etc; mkdir /etc; echo 127.0.0.1 box > /etc/hosts'
setup: stage08 layer diff changes -o layer.tar
---
$ gzip -k layer.tar; mkdir layer
$ stage08 layer apply layer.tar.gz layer
diff ID  sha256:8475bf0f5a17c770dde39855595b2ec2e151892a8126bf1c66e26cc20e31db6c
entries  5
size     14B
$ sha256sum layer.tar
8475bf0f5a17c770dde39855595b2ec2e151892a8126bf1c66e26cc20e31db6c  layer.tar
$ ls -l --time-style=+ layer/bin/vi
c--------- 1 root root 0, 0  layer/bin/vi
$ stage08 run --rootfs rootfs:O --layer layer -- ls /etc /bin/vi
ls: /bin/vi: No such file or directory
/etc:
hosts
? 1
