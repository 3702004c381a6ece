stage: 09
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage09 import --change 'CMD ["sh"]' - box
---
$ stage09 run --upper changes box sh -c 'echo hello > /motd'
$ stage09 commit --change 'CMD ["cat", "/motd"]' changes hello
sha256:[ID]
$ stage09 run hello
hello
