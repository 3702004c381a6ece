stage: 08
needs: root
---
$ truncate -s 100M big; tr '\0' x < big > rootfs/big
$ stage08 run --rootfs rootfs:O --upper changes -- \
> sh -c 'head -c 5 /big; echo'
xxxxx
$ find changes/diff -type f
$ stage08 run --rootfs rootfs:O --upper changes -- \
> sh -c 'echo one more line >> /big'
$ find changes/diff -type f -printf '%s %p\n'
104857614 changes/diff/big
$ stage08 run --rootfs rootfs:O --upper other -- chmod 600 /big
$ find other/diff -type f -printf '%s %p\n'
104857600 other/diff/big
