stage: 11
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage11 import --change 'CMD ["sh"]' - box
---
$ printf 'FROM box\nRUN (sleep 7777; touch /late) & echo started\n' > Dockerfile
$ stage11 build -q -t d . > id; pgrep -cf 'sleep [7]777'
0
? 1
