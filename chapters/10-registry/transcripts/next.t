stage: 10
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage10 import --change 'CMD ["sh"]' - box
---
$ stage10 run --upper changes box sh -c 'mkdir /app; echo hello > /app/page'
$ stage10 commit changes site
sha256:[ID]
$ stage10 history --format '{{.CreatedBy}} | {{.Comment}}' site
commit | 
 | Imported from -
