stage: 12
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage12 import --change 'CMD ["sh"]' - box
setup: mkdir app && echo curl > app/packages && echo 'echo hello' > app/hello
---
$ cat > app/Dockerfile <<'end'
> FROM box
> ARG V=1
> COPY packages /
> RUN echo $V; cat /packages > /installed
> COPY hello /bin/
> end
$ stage12 build -q app > id
$ stage12 build --print plan --build-arg V=2 app
[1/4] FROM docker.io/library/box:latest
[2/4] COPY packages /                          CACHED
[3/4] RUN echo $V; cat /packages > /installed  ARG V changed
[4/4] COPY hello /bin/                         a step before it is made anew
$ echo jq >> app/packages; stage12 build --print plan app
[1/4] FROM docker.io/library/box:latest
[2/4] COPY packages /                          the files changed
[3/4] RUN echo $V; cat /packages > /installed  a step before it is made anew
[4/4] COPY hello /bin/                         a step before it is made anew
