stage: 09
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage09 import --change 'CMD ["sh"]' - box
---
$ stage09 save --format oci-archive -o box.tar box; mkdir box
$ tar -C box -xf box.tar; L=$(ls -S box/blobs/sha256 | head -n 1)
$ printf X | dd of=box/blobs/sha256/$L bs=1 seek=99999 conv=notrunc \
> status=none; tar -C box -cf box.tar .
$ export DOCKWRIGHT_ROOT=$PWD/friend
$ short() { sed 's/\([0-9a-f]\{8\}\)[0-9a-f]*/\1…/g' | fold -s -w 72; }
$ stage09 load -i box.tar 2>&1 | short
stage09: blobs/sha256/[..] is damaged: it should have the digest 
sha256:[..], and has sha256:[..]
$ stage09 images -q
