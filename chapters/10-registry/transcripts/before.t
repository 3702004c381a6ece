stage: 09
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage09 import --change 'CMD ["sh"]' - box
setup: stage09 run --upper changes box sh -c 'echo hello > /motd'; stage09 commit --change 'CMD ["cat","/motd"]' changes hello
---
$ stage09 save -o box.tar box; stage09 save -o hello.tar hello
$ expr $(stat -c %s hello.tar) - $(stat -c %s box.tar)
3072
$ stage09 run localhost:5000/box 2>&1 | head -n 1
stage09: Unable to find image 'localhost:5000/box:latest' locally
