stage: 12
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage12 import --change 'CMD ["sh"]' - box
setup: stage12 run --upper one box sh -c 'echo one > /etc/motd'; stage12 commit one b1; stage12 run --upper two box sh -c 'echo two > /etc/motd'; stage12 commit two b2
---
$ printf 'FROM base\nRUN cat /etc/motd > /seen\n' > Dockerfile
$ stage12 tag b1 base; stage12 build -q -t s . > id; stage12 run s cat /seen
one
$ stage12 tag b2 base; stage12 build -q -t s . > id; stage12 run s cat /seen
two
