stage: 09
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage09 import --change 'CMD ["sh"]' - box
setup: stage09 run --upper changes box sh -c 'echo hello > /motd'; stage09 commit --change 'CMD ["cat","/motd"]' changes hello
---
$ stage09 run --upper other box sh -c 'head -c 900k /dev/zero > /zeros'
$ stage09 commit other zeros
sha256:[ID]
$ stage09 image tree
LAYER               SIZE
[ID]      [..]MB  █[..]█  box:latest
├─ [ID]   2.05kB  ▏                           hello:latest
└─ [ID]    923kB  [..]  zeros:latest
3 images of 3 layers: [..]MB ([..]MB if nothing were shared)
