stage: 08
needs: root
---
$ truncate -s 100M big; tr '\0' x < big > rootfs/big
$ stage08 run --rootfs rootfs:O --upper changes -- \
> sh -c 'head -c 5 /big; echo'
xxxxx
$ du -sm --apparent-size changes | cut -f 1
1
$ stage08 run --rootfs rootfs:O --upper changes -- \
> sh -c 'echo one more line >> /big'
$ du -sm --apparent-size changes | cut -f 1
101
$ stage08 run --rootfs rootfs:O --upper other -- chmod 600 /big
$ du -sm --apparent-size other | cut -f 1
101
