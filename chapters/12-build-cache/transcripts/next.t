stage: 12
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage12 import --change 'CMD ["sh"]' - box
---
$ timeout -s HUP 1 stage12 run box \
> sh -c 'while sleep 0.1; do echo alive; done' > log
? 124
$ wc -l < log > lines; sleep 0.5; wc -l < log | cmp - lines && echo "it is dead"
it is dead
