stage: 11
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage11 import --change 'CMD ["sh"]' - box
setup: unset SOURCE_DATE_EPOCH; mkdir -p one two/three; echo page > one/page; touch -d @1600000000 one/page; cp -p one/page two/three
setup: printf 'FROM box\nWORKDIR /srv/site\nCOPY page .\nCMD ["cat", "page"]\n' | tee one/Dockerfile > two/three/Dockerfile
---
$ A=$(stage11 build -q one); sleep 1; B=$(stage11 build -q two/three)
$ test $A = $B && echo the same
the same
$ stage11 inspect --format '{{.Created}}' $A
2023-11-14T22:13:20Z
$ echo 'RUN date > /when' >> one/Dockerfile
$ A=$(stage11 build -q one); sleep 1; B=$(stage11 build -q one)
$ test $A = $B || echo another one
another one
