stage: 11
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage11 import --change 'CMD ["sh"]' - box
setup: unset SOURCE_DATE_EPOCH; mkdir one; echo page > one/page; touch -d @1600000000 one/page
setup: printf 'FROM box\nWORKDIR /srv/site\nCOPY page .\nCMD ["cat", "page"]\n' > one/Dockerfile
---
$ cat one/Dockerfile; mkdir two; cp -a one two/three
FROM box
WORKDIR /srv/site
COPY page .
CMD ["cat", "page"]
$ A=$(stage11 build -q one); sleep 1; B=$(stage11 build -q two/three)
$ test $A = $B && echo the same
the same
$ stage11 inspect --format '{{.Created}}' $A
2023-11-14T22:13:20Z
$ echo 'RUN date > /when' >> one/Dockerfile
$ A=$(stage11 build -q one); sleep 1; B=$(stage11 build -q one)
$ test $A = $B || echo another one
another one
