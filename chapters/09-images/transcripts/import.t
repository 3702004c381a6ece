stage: 09
needs: root
---
$ tar -C rootfs -cf rootfs.tar .
$ stage09 import --change 'CMD ["sh"]' rootfs.tar box
sha256:[ID]
$ export SOURCE_DATE_EPOCH=1700000000
$ for name in one two; do \
>   stage09 import --change 'CMD ["sh"]' rootfs.tar $name; \
> done | uniq -c | cut -c 1-14
      2 sha256
$ stage09 images
REPOSITORY   TAG       IMAGE ID       CREATED                  SIZE
box          latest    [ID]   [..] ago   [..]MB
one          latest    [ID]   [..] ago   [..]MB
two          latest    [ID]   [..] ago   [..]MB
