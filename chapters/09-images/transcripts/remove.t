stage: 09
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage09 import --change 'CMD ["sh"]' - box
setup: stage09 run --upper changes box sh -c 'echo hello > /motd'; stage09 commit --change 'CMD ["cat","/motd"]' changes hello
---
$ stage09 tag hello greeting
$ stage09 rmi hello
Untagged: hello:latest
$ stage09 run greeting
hello
$ stage09 rmi greeting
Untagged: greeting:latest
Deleted: sha256:[ID]
Deleted: sha256:[ID]
$ stage09 images --format '{{.Repository}}'
box
