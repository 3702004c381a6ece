stage: 09
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage09 import --change 'CMD ["sh"]' - box
setup: stage09 run --upper changes box sh -c 'echo hello > /motd'; stage09 commit --change 'CMD ["cat","/motd"]' changes hello
---
$ stage09 history --format '{{.CreatedBy}} | {{.Size}} | {{.Comment}}' hello
commit CMD ["cat","/motd"] | 2.05kB | 
 | [..]MB | Imported from -
