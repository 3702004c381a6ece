stage: 09
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage09 import --change 'CMD ["sh"]' - box
---
$ stage09 system check
1 image, 3 blobs ([..]MB), 0 layers unpacked, 0 containers: all is well
$ L=$(ls -S store/blobs/sha256 | head -n 1)
$ printf X | dd of=store/blobs/sha256/$L bs=1 seek=99999 conv=notrunc \
> status=none
$ stage09 system check | cut -d : -f 2-
 damaged: its bytes have another digest
 remove the image (`rmi`) and get it again
 1 flaw
