stage: 12
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage12 import --change 'CMD ["sh"]' - box
---
$ for i in 1 2; do stage12 run --upper up$i box sh -c "echo $i > /etc/motd"; \
> stage12 commit up$i b$i > id; done
$ printf 'FROM base\nRUN cat /etc/motd > /seen\n' > Dockerfile
$ stage12 tag b1 base; stage12 build -q -t s . > id; stage12 run s cat /seen
1
$ stage12 tag b2 base; stage12 build -q -t s . > id; stage12 run s cat /seen
2
