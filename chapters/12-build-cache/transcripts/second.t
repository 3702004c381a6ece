stage: 12
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage12 import --change 'CMD ["sh"]' - box
setup: mkdir app && echo curl > app/packages && echo 'echo hello' > app/hello
---
$ cat > app/Dockerfile <<'end'
> FROM box
> COPY packages /
> RUN sleep 1; cat /packages > /installed
> COPY hello /bin/
> end
$ stage12 build -q -t hello app > id
$ echo 'echo hullo' > app/hello
$ stage12 build --progress plain -t hello app
#1 [1/4] FROM docker.io/library/box:latest
#1 DONE [..]s

#2 [2/4] COPY packages /
#2 CACHED

#3 [3/4] RUN sleep 1; cat /packages > /installed
#3 CACHED

#4 [4/4] COPY hello /bin/
#4 DONE [..]s

#5 exporting to image
#5 writing image sha256:[ID]
#5 naming to docker.io/library/hello:latest
#5 DONE [..]s
