stage: 10
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage10 import --change 'CMD ["sh"]' - box
setup: mkdir app && echo hello > app/page
---
$ stage10 run -v $PWD/app:/in:ro --upper made box \
> sh -c 'mkdir /srv; cp /in/page /srv; echo port=8080 > /etc/web'
$ stage10 commit --change 'CMD ["httpd", "-f"]' made web
sha256:[ID]
$ stage10 history --format '{{.CreatedBy}}|{{.Comment}}' web
commit CMD ["httpd", "-f"]|
|Imported from -
$ stage10 build .
stage10: build arrives in chapter 11 (Dockerfile)
? 125
